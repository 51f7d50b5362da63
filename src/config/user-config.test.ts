import { describe, expect, it } from "vitest";
import { parseUserConfig, userConfigFile } from "./user-config.ts";

const file = "/home/wren/.config/belay/config.yaml";
const problemsOf = (text: string): string => {
  try {
    parseUserConfig(text, file);
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "";
};

describe("the user's own configuration file", () => {
  it.each([
    [{ HOME: "/home/wren" }, file],
    [{ HOME: "/home/wren", XDG_CONFIG_HOME: "/etc/wren" }, "/etc/wren/belay/config.yaml"],
    [{ HOME: "/home/wren", XDG_CONFIG_HOME: "relative" }, file],
    [{ HOME: "/home/wren", XDG_CONFIG_HOME: "" }, file],
    [{}, undefined],
    [{ HOME: "wren" }, undefined],
  ])("lies where the base directory specification says: %j", (env, place) => {
    expect(userConfigFile(env)).toBe(place);
  });

  it("holds channels, a command as text or as words", () => {
    expect(parseUserConfig("version: 1", file)).toEqual({ notify: {} });
    expect(
      parseUserConfig("version: 1\nnotify: { slack: env:MY_SLACK, webhook: https://hooks.example.com/a, command: tell me }", file),
    ).toEqual({
      notify: { slack: "env:MY_SLACK", webhook: "https://hooks.example.com/a", command: "tell me" },
    });
    expect(parseUserConfig("version: 1\nnotify: { command: [tell, 'a b'] }", file).notify.command).toEqual(["tell", "a b"]);
  });

  it.each([
    ["", "is empty"],
    ["notify: {}", "version is missing"],
    ["version: 2", "version must be 1"],
    ["version: 1\nnotifi: {}", 'notifi is not a known key; did you mean "notify"?'],
    ["version: 1\nnotify: { slak: env:A }", 'slak is not a known key; did you mean "slack"?'],
    ["version: 1\nnotify: { slack: https://hooks.example.com/hunter2 }", "notify.slack must be env:NAME"],
    ["version: 1\nnotify: { command: [] }", "notify.command must be a command"],
    ["version: 1\nnotify: { command: 7 }", "notify.command must be a command"],
    ["version: 1\nnotify: { command: [a, 7] }", "notify.command"],
    ["version: 1\nnotify: &a { slack: env:A }", "anchor or alias"],
  ])("is refused with the line that is wrong: %j", (text, says) => {
    expect(problemsOf(text)).toContain(`${file}:`);
    expect(problemsOf(text)).toContain(says);
    expect(problemsOf(text)).not.toContain("hunter2");
  });
});
