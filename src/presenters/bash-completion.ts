import {
  type CompletionCommand,
  type CompletionFlag,
  type CompletionKind,
  listNames,
  topicsOf,
  wordsAfter,
} from "./completion-model.js";

/**
 * A completion script for bash; with `zsh`, one for zsh, which runs the same functions through bashcompinit. For each
 * command it knows flags, those that take a value with what that is (`--net:network`), and what the arguments are.
 */
export function bashCompletion(commands: readonly CompletionCommand[], shell: "bash" | "zsh" = "bash"): string {
  const topics = topicsOf(commands);
  return `${shell === "zsh" ? zshHead : ""}# tsd completion for ${shell}. Load it with: source <(tsd completion ${shell})
${shell === "zsh" ? zshStart : ""}_tsd_names() {
  case "$1" in
${Object.entries(listNames)
  .map(([kind, list]) => `    ${kind}) { ${list}; } 2>/dev/null ;;`)
  .join("\n")}
    file) compgen -f -- "$2" ;;
    words/*) printf '%s\\n' "\${1#words/}" | tr , '\\n' ;;
  esac
}

# What the value of the flag $1 is, by the list behind it; fails for a flag that takes none.
_tsd_value() {
  local flag="$1" pair
  shift
  for pair in "$@"; do
    if [ "\${pair%%:*}" = "$flag" ]; then value="\${pair#*:}"; return 0; fi
  done
  return 1
}

_tsd() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local second="" flags="" kind="" kinds="" value="" valued="" words="" at=2 place=0
  # --net=web comes as three words.
  if [ "$current" = "=" ]; then current=""; elif [ "$previous" = "=" ]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  if [ "$COMP_CWORD" -gt 2 ]; then second="\${COMP_WORDS[2]}"; fi
  case "\${COMP_WORDS[1]} $second" in
${[...commands].sort(longestFirst).map(commandCase).join("\n")}
  esac
  while [ "$at" -lt "$COMP_CWORD" ]; do
    case "\${COMP_WORDS[at]}" in
      =) at=$((at + 1)) ;;
      -*) if [ "\${COMP_WORDS[at+1]}" != "=" ] && _tsd_value "\${COMP_WORDS[at]}" $valued; then at=$((at + 1)); fi ;;
      *) place=$((place + 1)) ;;
    esac
    at=$((at + 1))
  done
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${wordsAfter(undefined, commands).join(" ")}"
  elif _tsd_value "$previous" $valued; then
    words="$(_tsd_names "$value" "$current")"
    kind="$value"
  elif [ "\${current#-}" != "$current" ]; then
    words="$flags"
  else
    for kind in $kinds; do
      if [ "$place" -le 0 ]; then break; fi
      place=$((place - 1))
    done
    words="$(_tsd_names "$kind" "$current")"
  fi
  case "$kind" in
    file) compopt -o filenames 2>/dev/null ;;
    words/*=*) compopt -o nospace 2>/dev/null ;;
  esac
  case "$COMP_CWORD \${COMP_WORDS[1]}" in
${topics.map((topic) => `    "2 ${topic}") words="${wordsAfter(topic, commands).join(" ")} $words" ;;`).join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _tsd tsd
${shell === "zsh" ? zshEnd : ""}`;
}

/** zsh loads a file of this first line by itself, as the function _tsd, at the first completion, which is then to be made too. */
const zshHead = "#compdef tsd\n";
const zshStart = `(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
autoload -Uz bashcompinit && bashcompinit
`;
const zshEnd = `if [ "$funcstack[1]" = _tsd ]; then _bash_complete -F _tsd; fi
`;

/** `port add` before `port`, whose pattern fits both. */
function longestFirst(a: CompletionCommand, b: CompletionCommand): number {
  return b.id.split(" ").length - a.id.split(" ").length;
}

function commandCase({ id, flags, kinds }: CompletionCommand): string {
  const names = flags.flatMap(({ name, aliases }) => [name, ...aliases].map((one) => `--${one}`));
  const valued = flags.filter(({ takesValue }) => takesValue).flatMap(valuesOf);
  const isLong = id.includes(" ");
  const start = isLong ? " at=3" : "";
  return `    ${isLong ? `"${id}"` : `"${id} "*`}) flags="${[...names, "--help"].join(" ")}" valued="${valued.join(" ")}" kinds="${kinds.map(word).join(" ")}"${start} ;;`;
}

function valuesOf({ name, aliases, char, kind }: CompletionFlag): readonly string[] {
  const flags = [...[name, ...aliases].map((one) => `--${one}`), ...(char === undefined ? [] : [`-${char}`])];
  return flags.map((flag) => `${flag}:${word(kind)}`);
}

/** A kind as the script's functions know it. */
function word(kind: CompletionKind | undefined): string {
  if (kind === undefined) return "none";
  return typeof kind === "string" ? kind : `words/${kind.join(",")}`;
}
