# What each habit runs behind: `docker` is tsd, as people have it by an alias.
set -eu
docker() { "$TSD" "$@"; }

# same EXPECTED COMMAND...: the command succeeds and prints exactly that.
same() {
  expected=$1
  shift
  got=$("$@") || { echo "failed: $*" >&2; return 1; }
  [ "$got" = "$expected" ] || { printf 'expected: %s\ngot:      %s\nby:       %s\n' "$expected" "$got" "$*" >&2; return 1; }
}

# has PATTERN COMMAND...: the command succeeds, and a line of its output matches.
has() {
  pattern=$1
  shift
  got=$("$@" 2>&1) || { printf 'failed: %s\n%s\n' "$*" "$got" >&2; return 1; }
  printf '%s\n' "$got" | grep -Eq -- "$pattern" || { printf 'no line matches: %s\ngot: %s\nby: %s\n' "$pattern" "$got" "$*" >&2; return 1; }
}

# fails CODE PATTERN COMMAND...: it ends with that code, and says so in a sentence that matches.
fails() {
  wanted=$1 pattern=$2
  shift 2
  code=0
  got=$("$@" 2>&1) || code=$?
  [ "$code" = "$wanted" ] || { printf 'code %s, expected %s\ngot: %s\nby: %s\n' "$code" "$wanted" "$got" "$*" >&2; return 1; }
  printf '%s\n' "$got" | grep -Eq -- "$pattern" || { printf 'no line matches: %s\ngot: %s\nby: %s\n' "$pattern" "$got" "$*" >&2; return 1; }
}

# absent PATTERN WORDS...: tsd has no such thing, and one sentence says what to use.
absent() {
  pattern=$1
  shift
  code=0
  got=$(docker "$@" 2>&1) || code=$?
  [ "$code" != 0 ] || { echo "succeeded: docker $*" >&2; return 1; }
  printf '%s\n' "$got" | grep -Eq -- "$pattern" || { printf 'no line matches: %s\ngot: %s\nby: docker %s\n' "$pattern" "$got" "$*" >&2; return 1; }
  ! printf '%s\n' "$got" | grep -q 'Did you mean' || { printf 'guesses: %s\n' "$got" >&2; return 1; }
}

# until COMMAND...: it succeeds within a minute.
until_so() {
  tries=0
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || { echo "never: $*" >&2; return 1; }
    sleep 0.1
  done
}
