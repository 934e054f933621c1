/* Written for Reflexe, Apache-2.0. No rule may match the text of a rule: patterns ask for what their own spelling does not have. */

rule reflexe_lsass_dump {
  meta:
    description_fr = "Copie de la mémoire de Windows où sont les mots de passe"
    description_en = "Copy of the memory of Windows that holds the passwords"
    author = "Reflexe"
    date = "2026-11-22"
    technique = "T1003.001"
    reference = "https://attack.mitre.org/techniques/T1003/001/"
  strings:
    $process = "\\lsass.exe" nocase wide
    $library = "\\lsasrv.dll" nocase wide
  condition:
    uint32be(0) == 0x4d444d50 and $process and $library
}

rule reflexe_passwords_listed {
  meta:
    description_fr = "Liste d’empreintes de mots de passe de Windows, telle que la rendent les outils d’attaque"
    description_en = "List of Windows password hashes, as tools of attack print it"
    author = "Reflexe"
    date = "2026-11-22"
    technique = "T1003.002"
    reference = "https://attack.mitre.org/techniques/T1003/002/"
  strings:
    $line = /[^:\s]{1,80}:[0-9]{3,7}:[0-9a-fA-F]{32}:[0-9a-fA-F]{32}:::/
    $empty = ":aad3b435b51404eeaad3b435b51404ee:" nocase
  condition:
    filesize < 20MB and #line > 2 and $empty
}

rule reflexe_logons_listed {
  meta:
    description_fr = "Sessions et mots de passe de Windows, tels que les affiche mimikatz"
    description_en = "Sessions and passwords of Windows, as mimikatz shows them"
    author = "Reflexe"
    date = "2026-11-22"
    technique = "T1003.001"
    reference = "https://attack.mitre.org/techniques/T1003/001/"
  strings:
    $session = /Authentication Id\s+:\s+[0-9]{1,10}\s;\s[0-9]{1,10}/
    $name = /\*\sUsername\s+:\s\S/
    $hash = /\*\s(NTLM|SHA1)\s+:\s[0-9a-f]{32}/
  condition:
    filesize < 20MB and all of them
}
