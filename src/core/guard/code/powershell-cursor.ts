/** A place in a text of PowerShell. */
export class PowershellCursor {
  text = "";
  at = 0;

  char(ahead = 0): string {
    return this.text.charAt(this.at + ahead);
  }

  skipBlank(): void {
    for (;;) {
      const char = this.char();
      if (char === " " || char === "\t" || char === "\r") this.at += 1;
      else if (char === "`" && /[\r\n]/.test(this.char(1))) this.at += this.char(1) === "\r" ? 3 : 2;
      else if (char === "#") this.at = this.lineEnd();
      else if (char === "<" && this.char(1) === "#") {
        const end = this.text.indexOf("#>", this.at);
        this.at = end < 0 ? this.text.length : end + 2;
      } else return;
    }
  }

  lineEnd(): number {
    const end = this.text.indexOf("\n", this.at);
    return end < 0 ? this.text.length : end;
  }
}
