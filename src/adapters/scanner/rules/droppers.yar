/* Written for Reflexe, Apache-2.0. No rule may match the text of a rule: patterns ask for what their own spelling does not have. */

rule reflexe_powershell_encoded {
  meta:
    description_fr = "Commande PowerShell encodée qui se cache ou télécharge"
    description_en = "Encoded PowerShell command that hides itself or downloads"
    author = "Reflexe"
    date = "2026-11-22"
    technique = "T1059.001"
    reference = "https://attack.mitre.org/techniques/T1059/001/"
  strings:
    $encoded = /\bpowershell(\.exe)?["']?\s[^\r\n]{0,200}-e(c|nc|nco|ncod|ncodedcommand)?\s+["']?[A-Za-z0-9+\/]{80}/ nocase ascii wide
    $hidden = /-w(in|indow|indowstyle)? hidden\b/ nocase ascii wide
    $briefly = /[ \t]-w (h|1) / nocase ascii wide
    $string = "DownloadString" wide base64
    $data = "DownloadData" wide base64
    $file = "DownloadFile" wide base64
    $unpacked = "FromBase64String" wide base64
    $memory = "VirtualAlloc" wide base64
    $expression = "Invoke-Expression" wide base64
  condition:
    filesize < 5MB and $encoded and any of ($hidden, $briefly, $string, $data, $file, $unpacked, $memory, $expression)
}

rule reflexe_powershell_cradle {
  meta:
    description_fr = "Script PowerShell qui télécharge et exécute sans fichier, en se cachant"
    description_en = "PowerShell script that downloads and runs without a file, hiding itself"
    author = "Reflexe"
    date = "2026-11-22"
    technique = "T1105"
    reference = "https://attack.mitre.org/techniques/T1105/"
  strings:
    $run = /\b(iex|invoke-expression)[\s(&]+(new-object\s+(system\.)?net\.webclient\s*\)?\s*\.\s*download(string|data)|\(?\s*(iwr|irm|invoke-webrequest|invoke-restmethod)\s)/ nocase ascii wide
    $piped = /\.\s*download(string|data)\s*\([^\r\n)]{5,300}\)\s*\|\s*(iex|invoke-expression)\b/ nocase ascii wide
    $hidden = /-w(in|indow|indowstyle)? hidden\b/ nocase ascii wide
    $briefly = /[ \t]-w (h|1) / nocase ascii wide
    $address = /https?:\/\/[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}[:\/]/ ascii wide
    $unchecked = /\bamsi(Utils|InitFailed|ScanBuffer)\b['"]/ ascii wide
  condition:
    filesize < 2MB and ($run or $piped) and any of ($hidden, $briefly, $address, $unchecked)
}

rule reflexe_signed_tool_misused {
  meta:
    description_fr = "Outil de Windows détourné pour exécuter ce qui vient du réseau"
    description_en = "Tool of Windows misused to run what comes from the network"
    author = "Reflexe"
    date = "2026-11-22"
    technique = "T1218"
    reference = "https://attack.mitre.org/techniques/T1218/"
  strings:
    $mshta = /\bmshta(\.exe)?["']?\s+["']?(javascript|vbscript|https?):/ nocase ascii wide
    $regsvr = /\bregsvr32(\.exe)?["']?\s[^\r\n]{0,60}\/i:https?:\/\// nocase ascii wide
    $rundll = /\brundll32(\.exe)?["']?\s+javascript:/ nocase ascii wide
    $certutil = /\bcertutil(\.exe)?["']? [^\r\n]{0,60}[-\/]urlcache [^\r\n]{0,40}http/ nocase ascii wide
    $bitsadmin = /\bbitsadmin(\.exe)?["']? [^\r\n]{0,20}\/transfer [^\r\n]{0,80}https?:\/\/[^\r\n]{4,200}\.(exe|dll|ps1|vbs|hta|bat)\b/ nocase ascii wide
  condition:
    filesize < 1MB and any of them
}
