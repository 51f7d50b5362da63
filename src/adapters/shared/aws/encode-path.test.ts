import { describe, expect, it } from "vitest";
import { encodeComponent, encodePath, encodeQuery } from "./encode-path.ts";

describe("encodePath", () => {
  it("leaves letters, digits, -._~ and slashes, and encodes every other byte", () => {
    const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
    for (const char of ascii) {
      const hex = `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
      expect(encodePath(char)).toBe(/[\w.~/-]/u.test(char) ? `/${char}` : `/${hex}`);
    }
    expect(encodePath("ü/漢/😀")).toBe("/%C3%BC/%E6%BC%A2/%F0%9F%98%80");
  });

  it("keeps dots, empty segments and what is encoded already as it is in the key", () => {
    expect(encodePath("a/../b/./c//d%20e")).toBe("/a/../b/./c//d%2520e");
    expect(encodePath("")).toBe("/");
  });

  it("refuses what is not valid Unicode", () => {
    expect(() => encodePath("\uD800")).toThrow(URIError);
  });
});

describe("encodeQuery", () => {
  it("writes an empty value with its sign, and nothing for no query", () => {
    expect(encodeQuery({ "list-type": "2", prefix: "a/b c", versions: "" })).toBe("?list-type=2&prefix=a%2Fb%20c&versions=");
    expect(encodeQuery({})).toBe("");
    expect(encodeQuery(undefined)).toBe("");
    expect(encodeComponent("a/b")).toBe("a%2Fb");
  });
});
