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

  /** Behind the bracket that closes the one here. */
  closing(open: string, close: string): number {
    let depth = 0;
    let quote = "";
    for (let at = this.at; at < this.text.length; at += 1) {
      const char = this.text.charAt(at);
      if (char === "`") at += 1;
      else if (quote !== "") quote = char === quote ? "" : quote;
      else if (char === "'" || char === '"') quote = char;
      else if (char === open) depth += 1;
      else if (char === close) depth -= 1;
      if (depth === 0) return at + 1;
    }
    return this.text.length;
  }
}
