/* Written for Reflexe, Apache-2.0. No rule may match the text of a rule: patterns ask for what their own spelling does not have. */

rule reflexe_web_shell_php {
  meta:
    description_fr = "Page PHP qui exécute ce qu’on lui envoie"
    description_en = "PHP page that runs what is sent to it"
    author = "Reflexe"
    date = "2026-11-22"
    technique = "T1505.003"
    reference = "https://attack.mitre.org/techniques/T1505/003/"
  strings:
    $page = /<\?(php|=|\s)/ nocase
    $run = /\b(eval|assert|system|exec|shell_exec|passthru|popen|proc_open|create_function|call_user_func|call_user_func_array)\s*\(\s*(@?\w{1,20}\s*\(\s*){0,3}@?\$_(GET|POST|REQUEST|COOKIE)\s*\[/ nocase
    $called = /\$_(GET|POST|REQUEST|COOKIE)\s*\[[^\]\r\n]{1,40}\]\s*\(\s*@?\$_(GET|POST|REQUEST|COOKIE)\b/
    $ticks = /`\s*\{?\$_(GET|POST|REQUEST|COOKIE)\s*\[/
    $replaced = /\bpreg_replace\s*\(\s*["'].{1,40}\/[a-z]{0,4}e[a-z]{0,4}["']\s*,\s*@?\$_(GET|POST|REQUEST|COOKIE)\b/ nocase
    $raw = /\b(eval|assert)\s*\(\s*(@?\w{1,20}\s*\(\s*){0,3}file_get_contents\s*\(\s*["']php:\/\/input/ nocase
    $packed = /\beval\s*\(\s*(gzinflate|gzuncompress|gzdecode|str_rot13)\s*\(\s*(@?\w{1,20}\s*\(\s*){0,2}["'][A-Za-z0-9+\/=]{200}/ nocase
  condition:
    filesize < 2MB and $page and any of ($run, $called, $ticks, $replaced, $raw, $packed)
}

rule reflexe_web_shell_jsp {
  meta:
    description_fr = "Page JSP qui exécute ce qu’on lui envoie"
    description_en = "JSP page that runs what is sent to it"
    author = "Reflexe"
    date = "2026-11-22"
    technique = "T1505.003"
    reference = "https://attack.mitre.org/techniques/T1505/003/"
  strings:
    $page = /<%[@!=\s]/
    $asked = /\brequest\s*\.\s*get(Parameter|Header|Reader|InputStream)\s*\(/
    $run = /\bgetRuntime\s*\(\s*\)\s*\.\s*exec\s*\(/
    $process = /\bnew\s+(java\.lang\.)?ProcessBuilder\s*\(/
    $class = /\bdefineClass\s*\(\s*\w/
    $unpacked = /\b(BASE64Decoder|Base64\s*\.\s*getDecoder|SecretKeySpec)\s*\(/
  condition:
    filesize < 1MB and $page and $asked and ($run or $process or ($class and $unpacked))
}

rule reflexe_web_shell_asp {
  meta:
    description_fr = "Page ASP ou ASPX qui exécute ce qu’on lui envoie"
    description_en = "ASP or ASPX page that runs what is sent to it"
    author = "Reflexe"
    date = "2026-11-22"
    technique = "T1505.003"
    reference = "https://attack.mitre.org/techniques/T1505/003/"
  strings:
    $page = /<%[@=\s]|<script\s[^>]{0,80}runat\s*=\s*["']?server/ nocase
    $run = /\b(eval|execute|executeglobal)[\s(]+request(\.(item|form|querystring|params))?\s*[\[(]/ nocase
    $asked = /\bRequest(\.(Item|Form|QueryString|Params|Headers))?\s*[\[(]\s*"/ nocase
    $process = /\b(new\s+(System\.Diagnostics\.)?ProcessStartInfo|Process\s*\.\s*Start)\s*\(/
    $command = /["'\\](cmd|powershell)(\.exe)?["']/ nocase
    $assembly = /\bAssembly\s*\.\s*Load\s*\(\s*(\w+\s*\.\s*)*(FromBase64String|TransformFinalBlock|Decrypt)\b/
    $shell = /\bCreateObject\s*\(\s*["']WScript\.Shell["']\s*\)\s*\.\s*(exec|run)\s*\(\s*request\b/ nocase
  condition:
    filesize < 1MB and $page and ($run or $shell or ($asked and $process and $command) or ($asked and $assembly))
}
