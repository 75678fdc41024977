import { type CompletionCommand, listNames, topicsOf, wordsAfter } from "./completion-model.js";

/** A completion script for bash; with `zsh`, one for zsh, which runs the same functions through bashcompinit. */
export function bashCompletion(commands: readonly CompletionCommand[], shell: "bash" | "zsh" = "bash"): string {
  const topics = topicsOf(commands);
  const valued = commands.flatMap(({ flags }) => flags.filter(({ kind }) => kind !== undefined));
  const kinds = new Map(valued.map(({ name, kind }) => [`--${name}`, kind]));
  return `# tsd completion for ${shell}. Load it with: source <(tsd completion ${shell})
${shell === "zsh" ? "autoload -Uz compinit bashcompinit && compinit && bashcompinit\n" : ""}_tsd_names() {
  case "$1" in
${Object.entries(listNames)
  .map(([kind, list]) => `    ${kind}) ${list} 2>/dev/null ;;`)
  .join("\n")}
    file) compgen -f -- "$2" ;;
  esac
}

_tsd() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local second="" flags="" kind="" words=""
  if [ "$COMP_CWORD" -gt 2 ]; then second="\${COMP_WORDS[2]}"; fi
  case "\${COMP_WORDS[1]} $second" in
${[...commands].sort(longestFirst).map(commandCase).join("\n")}
  esac
  case "$previous" in
${[...kinds].map(([flag, kind]) => `    ${flag}) kind="${kind}" ;;`).join("\n")}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${wordsAfter(undefined, commands).join(" ")}"
  elif [ "\${current#-}" != "$current" ]; then
    words="$flags"
  else
    words="$(_tsd_names "$kind" "$current")"
  fi
  case "$COMP_CWORD \${COMP_WORDS[1]}" in
${topics.map((topic) => `    "2 ${topic}") words="${wordsAfter(topic, commands).join(" ")} $words" ;;`).join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _tsd tsd
`;
}

/** `port add` before `port`, whose pattern fits both. */
function longestFirst(a: CompletionCommand, b: CompletionCommand): number {
  return b.id.split(" ").length - a.id.split(" ").length;
}

function commandCase({ id, flags, kind }: CompletionCommand): string {
  const names = flags.map(({ name }) => `--${name}`);
  const pattern = id.includes(" ") ? `"${id}"` : `"${id} "*`;
  return `    ${pattern}) flags="${[...names, "--help"].join(" ")}" kind="${kind ?? ""}" ;;`;
}
