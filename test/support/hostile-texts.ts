/** What pages, keys, headers and commit messages may hold, at their worst. */

export const hostileTexts: readonly string[] = [
  `</style><script>alert(1)</script>`,
  `"><img src=http://127.0.0.1:1/x onerror=alert(1)>`,
  `' onmouseover='alert(1)`,
  `</title></head><body onload=alert(1)>`,
  `--><svg/onload=alert(1)><!--`,
  `]]><iframe srcdoc="<script>alert(1)</script>"></iframe>`,
  `<a href="javascript:alert(1)">x</a><base href="https://evil.example/">`,
  `<meta http-equiv="refresh" content="0;url=https://evil.example/">`,
  `<link rel=stylesheet href=https://evil.example/a.css><style>@import url(https://evil.example/b.css)</style>`,
  `&lt;script&gt;&#60;script&#62;`,
  `\u202Egnp.exe\u2066 \u200Bzero\u00ADsoft\u0000nul\u0007bell\u001B[31mred\u009B2J`,
  `pay\u200Dpal`,
  `\uD800 lone`,
  "```\n</details>\n# heading\n@octocat #12 [link](https://evil.example) ![x](https://evil.example/x.png) | bar |",
];
