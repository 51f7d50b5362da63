/** Programs whose words are no commands, though they may look like some: printers, searchers, manuals, installers. */

export const harmlessPrograms: ReadonlySet<string> = new Set(
  (
    "echo printf print cat bat less more head tail grep egrep fgrep rg ag ack ugrep sed awk tr cut sort uniq wc man info tldr cheat which whereis type whatis apropos " +
    "apt apt-get brew yum dnf pacman apk snap pip pip3 gem cargo go rustup gh glab hub git svn hg jq yq diff cmp comm test [ expr ls dir tree stat file du df " +
    "say notify-send osascript cowsay figlet banner logger wall write mail sendmail mutt task todo note notes jrnl ps pgrep pkill kill killall date cal id who whoami " +
    "code cursor subl open xdg-open start touch mkdir rmdir chmod chown cd pushd export set unset alias eslint prettier biome oxlint shellcheck shfmt vitest jest mocha pytest tsc " +
    "history fc hash help complete compgen dig host nslookup ping realpath readlink basename dirname seq shuf xxd od strings md5sum sha256sum shasum cksum column fold fmt nl paste join rev tac yes true false sleep " +
    "belay slack-cli claude codex gemini opencode cursor-agent aider ollama llm gpt"
  ).split(" "),
);
