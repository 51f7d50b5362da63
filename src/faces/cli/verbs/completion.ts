import { BelayError } from "../../../core/belay-error.ts";
import { exits } from "../exit-codes.ts";
import { plain } from "../plain-text.ts";
import type { Session } from "../session.ts";
import type { Words } from "../words.ts";

/** The scripts only ask `belay __complete`, so a newer belay completes its new verbs without a new script. */
const scripts: Readonly<Record<string, string>> = {
  bash: String.raw`# belay completion for bash. Add to ~/.bashrc:  source <(belay completion bash)
_belay() {
  local found
  found=$(belay __complete "${"$"}{COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  COMPREPLY=()
  if [[ -n $found ]]; then
    mapfile -t COMPREPLY <<<"$found"
  fi
}
complete -o default -F _belay belay`,
  zsh: String.raw`# belay completion for zsh. Add to ~/.zshrc, after compinit:  source <(belay completion zsh)
_belay() {
  local -a found
  found=("${"$"}{(@f)$(belay __complete "${"$"}{(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n $found[1] ]]; then
    compadd -a found
  else
    _files
  fi
}
compdef _belay belay`,
  fish: String.raw`# belay completion for fish. Save as ~/.config/fish/completions/belay.fish
function __belay_words
  set -l typed (commandline -opc)[2..]
  set -l found (belay __complete $typed (commandline -ct) 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c belay -f -a '(__belay_words)'`,
};

export function runCompletion({ screen }: Session, { operands: [shell = ""] }: Words): Promise<number> {
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
  if (script === undefined)
    throw new BelayError("usage", `There is no completion for ${plain(shell)}: only for bash, zsh and fish.`, "belay completion bash");
  screen.print(script);
  return Promise.resolve(exits.done);
}
