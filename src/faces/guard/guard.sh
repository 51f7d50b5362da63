#!/bin/sh
# belay's hook before the hook:  sh guard.sh AGENT [NODE]  with the agent's JSON on standard input.
#
# A call of the shell whose command only looks (ls, cat, grep, git status …) is answered here, without starting Node. Everything else goes
# on to guard.cjs beside this file, byte for byte but for NUL and line ends behind the last line, which no JSON holds. This file lets
# nothing through that guard.cjs would refuse (test/guard/hooks/prefilter.test.ts): it knows a list of what is harmless, and no list of what
# is not. It uses `cat` and `sleep` and nothing else that is not part of the shell. Where guard.cjs cannot start, what is not harmless is refused.

# Ranges of characters mean bytes. What guard.cjs is started with stays as it was.
locale=${LC_ALL-unset}
LC_ALL=C
set -f
agent=$1 reason=''
node=${2:-node}
event_key=hook_event_name tool_key=tool_name input_key=tool_input
case $agent in opencode) event_key=event tool_key=tool input_key=args ;; esac
case $0 in */*) here=${0%/*} ;; *) here=. ;; esac

# Refuses in the agent's own format; $1 is one plain line without quotation marks.
closed() {
  text="Refused by belay (guard): the guard cannot answer: $1. A person can: repair it, or belay uninstall $agent."
  case $agent in
    cursor) printf '{"permission":"deny","user_message":"%s","agent_message":"%s"}\n' "$text" "$text"; exit 0 ;;
    gemini | opencode) printf '{"decision":"deny","reason":"%s"}\n' "$text"; exit 0 ;;
    *) printf '%s\n' "$text" >&2; exit 2 ;;
  esac
}

# Lets the call go on. Claude Code and Codex are told nothing, so that their own permissions decide.
passed() {
  case $agent in
    cursor) printf '{"permission":"allow"}\n' ;;
    gemini) printf '{}\n' ;;
    opencode) printf '{"decision":"allow"}\n' ;;
  esac
  exit 0
}

# What is not a call has nothing to refuse.
uncalled() {
  case $agent in
    cursor | gemini) printf '{}\n' ;;
    opencode) printf '{"decision":"allow"}\n' ;;
  esac
  exit 0
}

# --- JSON. Any doubt ends in a return of 1, and guard.cjs reads the input instead.

# The characters between two strings: braces, brackets, colons, commas, numbers, true, false, null. $state is what may come next:
# K a key or }, k a key, C a colon, V a value, v a value or ], E a comma or an end. $stack has an o per open object, an a per array.
between() {
  seg=$1
  while [ -n "$seg" ]; do
    case $seg in
      ' '*) seg=${seg#?} ;;
      '{'*)
        case $state in V | v) ;; *) return 1 ;; esac
        stack=o$stack trail=$key/$trail state=K seg=${seg#?} ;;
      '['*)
        case $state in V | v) ;; *) return 1 ;; esac
        stack=a$stack trail=$key/$trail state=v seg=${seg#?} ;;
      '}'*)
        case $state$stack in Eo* | Ko*) ;; *) return 1 ;; esac
        stack=${stack#?} trail=${trail#*/} state=E seg=${seg#?} ;;
      ']'*)
        case $state$stack in Ea* | va*) ;; *) return 1 ;; esac
        stack=${stack#?} trail=${trail#*/} state=E seg=${seg#?} ;;
      ,*)
        case $state$stack in Eo*) state=k ;; Ea*) state=V ;; *) return 1 ;; esac
        seg=${seg#?} ;;
      :*)
        [ "$state" = C ] || return 1
        state=V seg=${seg#?} ;;
      *)
        literal=${seg%%[!a-z0-9]*}
        case $state in V | v) ;; *) return 1 ;; esac
        case $literal in
          true | false | null | 0) ;;
          '' | 0* | *[!0-9]*) return 1 ;;
        esac
        # The command of a tool is a text, or guard.cjs decides what it is.
        case " command $event_key $tool_key $input_key " in *" $key "*) return 1 ;; esac
        state=E seg=${seg#"$literal"} ;;
    esac
  done
}

# Every backslash of a string's text begins a plain escape. Two backslashes and \u never come this far.
escapes() {
  left=$1
  while :; do
    case $left in *\\*) left=${left#*\\} ;; *) return 0 ;; esac
    case $left in [\"/bfnrt]*) ;; *) return 1 ;; esac
  done
}

# One string, where a key or a value may stand.
string() {
  case $state in
    K | k)
      case $1 in *\\*) return 1 ;; esac
      key=$1 state=C
      case $stack$trail in
        o/ | oo*) once ;;
      esac ;;
    V | v)
      escapes "$1" || return 1
      state=E
      case $stack in o*) take "$1" ;; esac ;;
    *) return 1 ;;
  esac
}

# A key that counts stands once in its object: of two, readers of JSON take one or the other.
once() {
  case $trail$key in
    "/$event_key" | "/$tool_key" | "/$input_key" | /command | "$input_key//command")
      case " $keys " in *" $trail$key "*) return 1 ;; esac
      keys="$keys $trail$key" ;;
    # Then it is a tool of an MCP server, whatever its name.
    /mcp_context) return 1 ;;
    "$input_key//description" | "$input_key//timeout" | "$input_key//run_in_background" | "$input_key//is_background") ;;
    "$input_key//workdir" | "$input_key//dir_path") ;;
    # A field of the tool that is not known here may matter.
    "$input_key//"*) return 1 ;;
  esac
}

take() {
  case $trail$key in
    "/$event_key") event=$1 ;;
    "/$tool_key") tool=$1 ;;
    /command) outer=$1 ;;
    "$input_key//command") inner=$1 ;;
  esac
}

# Reads $input. Leaves $event, $tool, the $inner command of a tool's input and the $outer one beside it.
read_json() {
  event='' tool='' inner='' outer='' keys='' key='' trail='' stack='' state=V
  case $input in *[!\ -~]* | *\\\\* | *\\u*) return 1 ;; esac
  IFS='"'
  # shellcheck disable=SC2086 -- to be split at every quotation mark
  set -- $input
  unset IFS
  while [ $# -gt 0 ]; do
    between "$1" || return 1
    shift
    [ $# -gt 0 ] || break
    text=$1
    shift
    while :; do
      case $text in *\\) ;; *) break ;; esac
      [ $# -gt 0 ] || return 1
      text=$text\"$1
      shift
    done
    string "$text" || return 1
  done
  [ "$state$stack" = E ]
}

# --- The shell. Programs that only look, with words that make them do nothing else.

# Sets $rule, by which the words of the program are judged.
program() {
  count=0
  case $1 in
    ls | cat | head | tail | wc | grep | egrep | fgrep | stat | df | du | pwd | echo | cut | tr | basename | dirname | realpath) rule=any ;;
    readlink | which | type | true | false | cmp | comm | diff | paste | fold | nl | tac | rev | md5sum | sha1sum | sha256sum) rule=any ;;
    cksum | whoami | id | uname | sleep | seq | jq | cd | ps) rule=any ;;
    printf | find | sort | uniq | rg | date | git | sed) rule=$1 ;;
    node | npm | python3) rule=version ;;
    *) return 1 ;;
  esac
}

# One word behind a program. $2 is `quoted` where it stood in quotation marks.
argument() {
  count=$((count + 1))
  # A pattern could become a file name that is an option; behind a first plain character it cannot.
  if [ "$rule" != any ] && [ "$2" != quoted ]; then
    case $1 in [*?]*) return 1 ;; -*[*?]*) return 1 ;; esac
  fi
  case $rule in
    any) ;;
    printf) case $1 in -*) return 1 ;; esac ;;
    version) [ "$count$1" = 1--version ] ;;
    date) case $1 in +* | -u | -R | -I | -Idate | -Iseconds) ;; *) return 1 ;; esac ;;
    uniq) case $1 in -c | -d | -u | -i) ;; *) return 1 ;; esac ;;
    sort)
      case $1 in
        -t | -t? | -) ;;
        -*[!nrufbdgiMhRVscz0-9,.k]*) return 1 ;;
      esac ;;
    find)
      case $1 in
        -name | -iname | -path | -ipath | -type | -maxdepth | -mindepth | -size | -mtime | -mmin | -newer | -not) ;;
        -o | -a | -print | -print0 | -empty | -prune | -L | -H | -[0-9]*) ;;
        -*) return 1 ;;
      esac ;;
    rg)
      case $1 in
        --files | --hidden | --no-heading | --count | --files-with-matches | --line-number | --type=* | --glob=*) ;;
        --*) return 1 ;;
      esac ;;
    sed)
      case $count in
        1) [ "$1" = -n ] ;;
        2) case $1 in *[!0-9,\$p]* | *p*p | p*) return 1 ;; *p) ;; *) return 1 ;; esac ;;
        *) case $1 in -*) return 1 ;; esac ;;
      esac ;;
    git)
      case $1 in
        --no-pager) [ $count = 1 ] && count=0 ;;
        status | rev-parse | ls-files) rule=any; [ $count = 1 ] ;;
        log | diff | show) rule=git-look; [ $count = 1 ] ;;
        branch) rule=git-branch; [ $count = 1 ] ;;
        *) return 1 ;;
      esac ;;
    git-branch) case $1 in -a | -v | -vv | -r | --list | --show-current | --all) ;; *) return 1 ;; esac ;;
    git-look)
      case $1 in
        --oneline | --stat | --name-only | --name-status | --cached | --staged | --graph | --all | --decorate | --numstat) ;;
        --shortstat | --no-color | --follow | --no-pager | --pretty=* | --format=* | --since=* | --until=* | --author=* | --grep=*) ;;
        -p | -n | -w | -[0-9] | -[0-9][0-9] | -[0-9][0-9][0-9] | --) ;;
        -*) return 1 ;;
      esac ;;
  esac
}

# After a word or a redirection only a blank, an operator or the end may follow.
bounded() {
  case $1 in '' | ' '* | ';'* | '|'* | '&&'*) ;; *) return 1 ;; esac
}

# A program stands there, and one that runs what it reads has been given its --version.
whole() { [ -n "$rule" ] && [ "$rule$count" != version0 ]; }

harmless() {
  rest=$1 rule='' last=''
  while :; do
    case $rest in
      '') break ;;
      ' '*) rest=${rest#?} ;;
      '&&'* | '||'*)
        whole || return 1
        rest=${rest#??} rule='' last=joined ;;
      ';'* | '|'*)
        whole || return 1
        case $rest in ';'*) last=ended ;; *) last=joined ;; esac
        rest=${rest#?} rule='' ;;
      '2>/dev/null'* | '2>&1'* | '>/dev/null'* | '2> /dev/null'* | '> /dev/null'*)
        [ -n "$rule" ] || return 1
        case $rest in '2>&1'*) rest=${rest#'2>&1'} ;; *) rest=${rest#*'>'} rest=${rest#' '} rest=${rest#/dev/null} ;; esac
        bounded "$rest" || return 1 ;;
      \'*)
        [ -n "$rule" ] || return 1
        rest=${rest#?}
        case $rest in *\'*) ;; *) return 1 ;; esac
        word=${rest%%\'*} rest=${rest#*\'}
        bounded "$rest" || return 1
        argument "$word" quoted || return 1 ;;
      \"*)
        [ -n "$rule" ] || return 1
        rest=${rest#?}
        case $rest in *\"*) ;; *) return 1 ;; esac
        word=${rest%%\"*} rest=${rest#*\"}
        case $word in *[\$\`\\!]*) return 1 ;; esac
        bounded "$rest" || return 1
        argument "$word" quoted || return 1 ;;
      *)
        word=${rest%%[!-a-zA-Z0-9_./,:=@%+~*?]*}
        [ -n "$word" ] || return 1
        rest=${rest#"$word"}
        bounded "$rest" || return 1
        if [ -n "$rule" ]; then argument "$word" plain || return 1; else program "$word" || return 1; last=''; fi ;;
    esac
  done
  whole || { [ -z "$rule" ] && [ "$last" = ended ]; }
}

# The command of a call that this file may answer, with \" made a quotation mark. Any other escape is for guard.cjs.
answerable() {
  case "$agent $event $tool" in
    'claude PreToolUse Bash' | 'codex PreToolUse Bash' | 'cursor preToolUse Shell') command=$inner ;;
    'gemini BeforeTool run_shell_command' | 'opencode tool bash') command=$inner ;;
    'cursor beforeShellExecution '*) command=$outer ;;
    *) return 1 ;;
  esac
  plain=''
  while :; do
    case $command in *\\*) ;; *) break ;; esac
    plain=$plain${command%%\\*} command=${command#*\\}
    case $command in \"*) plain=$plain\" command=${command#?} ;; *) return 1 ;; esac
  done
  plain=$plain$command
  [ -n "$plain" ]
}

# Agents write their input at once: what has not ended by then is refused. Where `sleep` is missing, it is waited for. A background
# job reads nothing of standard input by itself, and who holds the output open would keep the agent waiting.
seconds=2
exec 3<&0
input=$(
  cat <&3 3<&- &
  reader=$!
  {
    trap 'kill "$!"; exit' TERM
    sleep $seconds &
    wait "$!" && kill "$reader"
  } </dev/null 3<&- >/dev/null 2>&1 &
  watch=$!
  wait "$reader" 2>/dev/null
  ended=$?
  kill "$watch" 2>/dev/null
  exit "$ended"
) 2>/dev/null || closed "its input did not end within $seconds s"
exec 3<&-
event='' isread=no
if [ ${#input} -le 8192 ]; then
  if read_json; then
    isread=yes
    if answerable && harmless "$plain"; then passed; fi
  fi
fi

[ -f "$here/guard.cjs" ] || reason='guard.cjs is missing beside guard.sh'
command -v "$node" >/dev/null 2>&1 || reason='node is not in the path'
if [ -n "$reason" ]; then
  if [ $isread = yes ]; then
    case $event in SessionStart | SessionEnd | Stop | SubagentStop | sessionStart | sessionEnd | stop | AfterAgent | session-*) uncalled ;; esac
  fi
  closed "$reason"
fi

case $locale in unset) unset LC_ALL ;; *) LC_ALL=$locale ;; esac
# What is set there would run inside the guard.
unset NODE_OPTIONS NODE_PATH
printf '%s' "$input" | "$node" "$here/guard.cjs" "$agent" whole
status=$?
case $status in 0 | 2) exit $status ;; esac
closed "it ended with status $status"
