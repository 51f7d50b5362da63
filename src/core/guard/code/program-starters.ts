/** Functions that start programs, from the manuals of their languages and libraries. Data. */

import type { CodeLanguage } from "../invocation.ts";

/**
 * `shell`: the first text goes to a shell. `words`: program and arguments, as a list or one by one. `program-list`: the program, then a
 * list of its arguments. `either`: a list is words, a text alone goes to a shell (or is a program, with `shell` unset).
 */
type Style = "shell" | "words" | "program-list" | "either" | "script";

/** How a function takes its command. */
export interface Starter {
  readonly style: Style;
  /** Where the command begins among the arguments. */
  readonly from?: number;
}

const shell: Starter = { style: "shell" };
/** Kinds that readers need by name. */
export const either: Starter = { style: "either" };
export const words: Starter = { style: "words" };
const programList: Starter = { style: "program-list" };

/** By the whole path. */
export const byPath: Readonly<Record<string, Starter>> = {
  "os.system": shell,
  "os.popen": shell,
  "posix.system": shell,
  "get_ipython.system": shell,
  "get_ipython.getoutput": shell,
  "subprocess.run": either,
  "subprocess.call": either,
  "subprocess.check_call": either,
  "subprocess.check_output": either,
  "subprocess.Popen": either,
  "subprocess.getoutput": shell,
  "subprocess.getstatusoutput": shell,
  "commands.getoutput": shell,
  "commands.getstatusoutput": shell,
  "pty.spawn": either,
  "asyncio.create_subprocess_shell": shell,
  "asyncio.create_subprocess_exec": words,
  "asyncio.subprocess.create_subprocess_exec": words,
  "trio.run_process": either,
  "anyio.run_process": either,
  "anyio.open_process": either,
  "pexpect.spawn": either,
  "pexpect.run": shell,
  "sarge.run": shell,
  "delegator.run": shell,
  "invoke.run": shell,
  "fabric.api.local": shell,
  "fabric.api.run": shell,
  "child_process.exec": shell,
  "child_process.execSync": shell,
  "child_process.execFile": programList,
  "child_process.execFileSync": programList,
  "child_process.spawn": programList,
  "child_process.spawnSync": programList,
  "child_process.fork": { style: "script" },
  "cross-spawn": programList,
  "cross-spawn.spawn": programList,
  "cross-spawn.sync": programList,
  "shelljs.exec": shell,
  "Bun.spawn": either,
  "Bun.spawnSync": either,
  "Bun.$": shell,
  "Deno.Command": programList,
  "Deno.run": either,
  "tinyexec.x": programList,
  "tinyexec.exec": programList,
  "nano-spawn": programList,
  system: either,
  exec: either,
  execSync: shell,
  spawn: either,
  spawnSync: programList,
  execFile: programList,
  execFileSync: programList,
  execa: programList,
  execaSync: programList,
  execaCommand: shell,
  execaCommandSync: shell,
  shell_exec: shell,
  passthru: shell,
  proc_open: either,
  popen: shell,
  pcntl_exec: programList,
  readpipe: shell,
  sh: either,
  "Kernel.system": either,
  "Kernel.exec": either,
  "Kernel.spawn": either,
  "Process.spawn": either,
  "IO.popen": either,
  "Open3.capture2": either,
  "Open3.capture2e": either,
  "Open3.capture3": either,
  "Open3.popen2": either,
  "Open3.popen2e": either,
  "Open3.popen3": either,
  "Open3.pipeline": either,
  "PTY.spawn": either,
  "os.execute": shell,
  "io.popen": shell,
  system2: programList,
  shell: shell,
  "processx.run": programList,
  run: either,
  "exec.Command": words,
  "exec.CommandContext": { style: "words", from: 1 },
  "syscall.Exec": { style: "words", from: 1 },
  "sh.Run": words,
  "sh.RunV": words,
  "sh.Output": words,
  "sh.RunWith": { style: "words", from: 1 },
  "sh.RunWithV": { style: "words", from: 1 },
  "sh.OutputWith": { style: "words", from: 1 },
  "Runtime.getRuntime.exec": either,
  ProcessBuilder: words,
  "System.cmd": programList,
  "shell.openPath": words,
};

/** By the last name, whatever it hangs on: names that mean nothing else. */
export const byName: Readonly<Record<string, Starter>> = {
  check_call: either,
  check_output: either,
  Popen: either,
  execSync: shell,
  execFileSync: programList,
  spawnSync: programList,
  execFile: programList,
  create_subprocess_shell: shell,
  create_subprocess_exec: words,
  getoutput: shell,
  getstatusoutput: shell,
  doShellScript: shell,
  shell_exec: shell,
  execvp: { style: "words", from: 1 },
};

/** The languages in which a bare name starts a program; elsewhere it is somebody's own function. */
export const bareNames: Readonly<Record<string, readonly CodeLanguage[]>> = {
  system: ["ruby", "perl", "php", "other"],
  exec: ["ruby", "perl", "php", "javascript"],
  spawn: ["ruby", "javascript", "other"],
  sh: ["ruby", "other"],
  run: ["other"],
  shell: ["other"],
  execa: ["javascript"],
  execaSync: ["javascript"],
  execaCommand: ["javascript"],
  execaCommandSync: ["javascript"],
  shell_exec: ["php"],
  passthru: ["php"],
  proc_open: ["php"],
  popen: ["php", "perl"],
  pcntl_exec: ["php"],
  readpipe: ["perl"],
  system2: ["other"],
  ProcessBuilder: ["other"],
};
