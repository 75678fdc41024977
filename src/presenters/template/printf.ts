import { printable } from "../../errors/printable.js";
import { joinBounded } from "./bounded-text.js";
import { display, formatValue } from "./format-value.js";
import { plain, Rendered, typeOf } from "./values.js";

/** Wider fields are refused, as Go refuses much wider ones. */
const widest = 10_000;

/** Go's `fmt.Sprintf`, its words about arguments that do not fit among them. */
export function sprintf(format: string | Rendered, args: readonly unknown[]): Rendered {
  const own = format instanceof Rendered ? (text: string) => text : printable;
  return new Rendered(joinBounded(partsOf(String(plain(format)), own, new Arguments(args))));
}

function* partsOf(source: string, own: (text: string) => string, given: Arguments): Iterable<string> {
  const pattern =
    /%(?<flags>[-+# 0]*)(?:\[(?<early>\d+)\])?(?<width>\*|\d+)?(?:\.(?<precision>\*|\d*))?(?:\[(?<late>\d+)\])?(?<verb>.?)/gsu;
  let end = 0;
  for (const match of source.matchAll(pattern)) {
    yield own(source.slice(end, match.index));
    yield directiveText(match.groups ?? {}, given);
    end = match.index + match[0].length;
  }
  yield own(source.slice(end));
  yield given.left();
}

/** The arguments of a format, from left to right, or by number. */
class Arguments {
  private at = 0;
  private isByNumber = false;

  constructor(private readonly all: readonly unknown[]) {}

  select(number: string | undefined): void {
    if (number === undefined) return;
    this.at = Number(number) - 1;
    this.isByNumber = true;
  }

  get isMissing(): boolean {
    return this.at < 0 || this.at >= this.all.length;
  }

  next(): unknown {
    this.at += 1;
    return this.all[this.at - 1];
  }

  left(): string {
    const extra = this.isByNumber ? [] : this.all.slice(this.at);
    if (extra.length === 0) return "";
    return `%!(EXTRA ${extra.map((one) => `${typeOf(one)}=${display(one)}`).join(", ")})`;
  }
}

type Groups = Readonly<Record<string, string | undefined>>;

function directiveText({ flags = "", early, width, precision, late, verb = "" }: Groups, given: Arguments): string {
  given.select(early ?? late);
  const sizeOf = (word: string | undefined): number | undefined =>
    word === undefined ? undefined : Number(word === "*" ? plain(given.next()) : word);
  const wide = sizeOf(width) ?? 0;
  const precise = sizeOf(precision);
  if (verb === "%" || verb === "") return verb || "%!(NOVERB)";
  if (given.isMissing)
    return `%!${printable(verb)}(${early === undefined && late === undefined ? "MISSING" : "BADINDEX"})`;
  const value = given.next();
  if (!isSize(wide) || !isSize(precise ?? 0)) return "%!(BADWIDTH)";
  return formatValue(value, {
    verb,
    flags: wide < 0 ? `${flags}-` : flags,
    width: Math.abs(wide),
    ...(precise === undefined ? {} : { precision: precise }),
  });
}

function isSize(size: number): boolean {
  return Math.abs(size) <= widest;
}
