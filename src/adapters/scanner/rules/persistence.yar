/* Written for Reflexe, Apache-2.0. No rule may match the text of a rule: patterns ask for what their own spelling does not have. */

rule reflexe_cron_backdoor {
  meta:
    description_fr = "Tâche planifiée de Linux qui télécharge et exécute, ou ouvre un accès à distance"
    description_en = "Scheduled task of Linux that downloads and runs, or opens a remote access"
    author = "Reflexe"
    date = "2026-11-22"
    technique = "T1053.003"
    reference = "https://attack.mitre.org/techniques/T1053/003/"
  strings:
    $fetched = /(@reboot|@hourly|@daily|\*[ \t]\*)[ \t][^\r\n]{0,160}\b(curl|wget)\s[^\r\n|]{3,300}\|\s*(sudo\s+)?(\/bin\/)?(ba|da|z)?sh\b/
    $unpacked = /(@reboot|@hourly|@daily|\*[ \t]\*)[ \t][^\r\n]{0,400}\bbase64\s+(-d|-D|--decode)\b[^\r\n]{0,60}\|\s*(\/bin\/)?(ba|da|z)?sh\b/
    $opened = /(@reboot|@hourly|@daily|\*[ \t]\*)[ \t][^\r\n]{0,200}\/dev\/tcp\/[^\s\/]{1,80}\/[0-9]{1,5}/
  condition:
    filesize < 1MB and any of them
}

rule reflexe_systemd_backdoor {
  meta:
    description_fr = "Service de Linux qui télécharge et exécute, ou ouvre un accès à distance"
    description_en = "Service of Linux that downloads and runs, or opens a remote access"
    author = "Reflexe"
    date = "2026-11-22"
    technique = "T1543.002"
    reference = "https://attack.mitre.org/techniques/T1543/002/"
  strings:
    $unit = /(^|\n)\[(Service|Timer)\]\s/
    $fetched = /\nExec(Start|StartPre|StartPost|Stop)\s*=[^\r\n]{0,200}\b(curl|wget)\s[^\r\n|]{3,300}\|\s*(\/bin\/)?(ba|da|z)?sh\b/
    $unpacked = /\nExec(Start|StartPre|StartPost|Stop)\s*=[^\r\n]{0,400}\bbase64\s+(-d|-D|--decode)\b[^\r\n]{0,60}\|\s*(\/bin\/)?(ba|da|z)?sh\b/
    $opened = /\nExec(Start|StartPre|StartPost|Stop)\s*=[^\r\n]{0,200}(\/dev\/tcp\/[^\s\/]{1,80}\/[0-9]{1,5}|\bnc(at)?\s[^\r\n]{0,80}\s-e\s)/
  condition:
    filesize < 100KB and $unit and any of ($fetched, $unpacked, $opened)
}

rule reflexe_reverse_shell {
  meta:
    description_fr = "Script qui donne un accès à distance à la ligne de commande"
    description_en = "Script that gives a remote access to the command line"
    author = "Reflexe"
    date = "2026-11-22"
    technique = "T1059.004"
    reference = "https://attack.mitre.org/techniques/T1059/004/"
  strings:
    $bash = /\b(ba|z|k)?sh\s+-i\s*[0-9]?>&?\s*\/dev\/(tcp|udp)\/[^\s\/]{1,80}\/[0-9]{1,5}/
    $pipe = /\bmkfifo\s[^\r\n]{3,80}\|\s*(\/bin\/)?(ba)?sh\s+-i\s[^\r\n]{0,40}\|\s*(nc|ncat|openssl)\s/
    $python = /\bos\.dup2\s*\(\s*\w+\.fileno\s*\(\s*\)\s*,\s*[0-2]\s*\)[\s\S]{0,300}\b(subprocess\.\w+|pty\.spawn)\s*\(\s*\[?\s*["'](\/bin\/)?(ba)?sh["']/
    $netcat = /\bnc(at)?\s+(-\w+\s+){0,4}[0-9A-Za-z.-]{4,80}\s+[0-9]{2,5}\s+-e\s+(\/bin\/(ba)?sh|cmd(\.exe)?)\b/
  condition:
    filesize < 1MB and any of them
}

rule reflexe_windows_persistence {
  meta:
    description_fr = "Script qui s’installe au démarrage de Windows pour exécuter un code caché"
    description_en = "Script that sets itself up at the start of Windows to run hidden code"
    author = "Reflexe"
    date = "2026-11-22"
    technique = "T1547.001"
    reference = "https://attack.mitre.org/techniques/T1547/001/"
  strings:
    $task = /\bschtasks(\.exe)?["']?\s+\/create\s[^\r\n]{0,300}(\bmshta\b|\bregsvr32\b|powershell[^\r\n]{0,120}\s-(e|enc|encodedcommand|w\s+hidden|windowstyle\s+hidden)\b|\\(temp|public|perflogs)\\[^\r\n"]{1,80}\.(vbs|js|ps1|bat|hta|exe)\b)/ nocase ascii wide
    $run = /\breg(\.exe)?["']?\s+add\s[^\r\n]{0,120}\\CurrentVersion\\Run(Once)?\b[^\r\n]{0,200}(\bmshta\b|\bregsvr32\b|powershell[^\r\n]{0,120}\s-(e|enc|encodedcommand|w\s+hidden|windowstyle\s+hidden)\b|\\(temp|public|perflogs)\\[^\r\n"]{1,80}\.(vbs|js|ps1|bat|hta|exe)\b)/ nocase ascii wide
    $keys = /\breg(\.exe)?["']?\s+add\s[^\r\n]{0,120}\\Image File Execution Options\\(sethc|utilman|osk|narrator|magnify)\.exe\b[^\r\n]{0,80}\bdebugger\b/ nocase ascii wide
    $subscribed = /\bCommandLineEventConsumer\b[\s\S]{0,400}\bCommandLineTemplate\b[^\r\n]{0,200}\b(powershell|mshta|wscript|cscript)\b/ nocase ascii wide
  condition:
    filesize < 1MB and any of them
}
