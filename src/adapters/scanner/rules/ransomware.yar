/* Written for Reflexe, Apache-2.0. No rule may match the text of a rule: patterns ask for what their own spelling does not have. */

rule reflexe_recovery_inhibited {
  meta:
    description_fr = "Programme ou script qui détruit les copies de secours de Windows"
    description_en = "Program or script that destroys the spare copies of Windows"
    author = "Reflexe"
    date = "2026-11-22"
    technique = "T1490"
    exception = "what only tells of such a command, as logs and playbooks in JSON do"
    reference = "https://attack.mitre.org/techniques/T1490/"
  strings:
    $all = /\bvssadmin(\.exe)?["']?\s+delete\s+shadows\s+\/all\b/ nocase ascii wide
    $resized = /\bvssadmin(\.exe)?["']?\s+resize\s+shadowstorage\s[^\r\n]{0,80}\/maxsize=(401MB|1%)/ nocase ascii wide
    $wmic = /\bwmic(\.exe)?["']?\s[^\r\n]{0,40}\bshadowcopy\s+(where\s[^\r\n]{1,60}\s)?delete\b/ nocase ascii wide
    $query = /\bWin32_Shadowcopy\b[^\r\n]{0,120}(\.\s*Delete\s*\(|\|\s*Remove-(WmiObject|CimInstance)\b)/ nocase ascii wide
    $boot = /\bbcdedit(\.exe)?["']?\s[^\r\n]{0,60}\brecoveryenabled["']?\s+no\b/ nocase ascii wide
    $ignored = /\bbcdedit(\.exe)?["']?\s[^\r\n]{0,60}\bbootstatuspolicy["']?\s+ignoreallfailures\b/ nocase ascii wide
    $told = /"\w{3,20}"\s{0,4}:\s{0,4}"[^"\r\n]{0,80}\b(vssadmin|wmic|bcdedit|wbadmin)(\.exe)? /
    $catalog = /\bwbadmin(\.exe)?["']?\s+delete\s+(catalog|systemstatebackup)\b/ nocase ascii wide
  condition:
    filesize < 20MB and not $told and ($all or $wmic or $query or $resized or 2 of ($boot, $ignored, $catalog))
}

rule reflexe_ransom_note {
  meta:
    description_fr = "Texte qui demande une rançon"
    description_en = "Text that asks for a ransom"
    author = "Reflexe"
    date = "2026-11-22"
    technique = "T1486"
    reference = "https://attack.mitre.org/techniques/T1486/"
  strings:
    $locked_en = /\b(all|your)\s(\w+\s){0,6}(files|data|documents|databases|backups|network|systems|servers)\s[^\r\n]{0,80}\b(encrypted|locked|stolen|exfiltrated)\b/ nocase ascii wide
    $locked_fr = /\b(vos|tous)\s([^\s]+\s){0,6}(fichiers|documents|serveurs|sauvegardes|bases)\s[^\r\n]{0,80}\b(crypt|chiffr|verrouill|vol)(\xe9|\xc3\xa9|e)/ nocase
    $paid = /(\b[a-z2-7]{16,56}\.onion\b|\btor\sbrowser\b|\bbitcoins?\b[^\r\n]{0,60}\b(wallet|address|adresse|send|pay|portefeuille)\b|\bmonero\s|\b(tox|session)\s?id\s?[:=])/ nocase ascii wide
    $key_en = /\b(decryptor|decryption\s(key|tool|software|service)|private\skey|decrypt\s(\w+\s){0,3}(for\sfree|sample|test))\b/ nocase ascii wide
    $key_fr = /\b(cl(\xe9|\xc3\xa9|ef|e)|outil|logiciel)\s(priv|de\sd(\xe9|\xc3\xa9|e)(chiffrement|cryptage))/ nocase
    $threat_en = /\b((do\snot|don't|never)\s(\w+\s){0,6}(rename|modify|recover|decrypt|police|recovery|shut)|(publish|published|leak|leaked|sold)\b|within\s\d{1,3}\s(hours|days))/ nocase ascii wide
    $threat_fr = /\b(ne\s([^\s]+\s){0,6}(renomme|modifie|tente|essaye|contacte)|(publi|vendu|divulgu)|dans\sles\s\d{1,3}\s(heures|jours))/ nocase
  condition:
    filesize < 64KB and $paid and (($locked_en and $key_en and $threat_en) or ($locked_fr and $key_fr and $threat_fr))
}
