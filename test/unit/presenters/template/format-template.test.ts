import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { TsdError } from "../../../../src/errors/tsd-error.js";
import { parseFormat } from "../../../../src/presenters/template/format-template.js";
import { goMap } from "../../../../src/presenters/template/go-map.js";
import { goTemplates } from "./go-templates.js";

/** docker's default context, which {@link goTemplates} are of. */
const context = {
  Name: "default",
  Metadata: {},
  Endpoints: goMap({ docker: { Host: "unix:///var/run/docker.sock", SkipTLSVerify: false } }),
  TLSMaterial: goMap(),
  Storage: { MetadataPath: "<IN MEMORY>", TLSPath: "<IN MEMORY>" },
};

const data = {
  Name: "web",
  Count: 3,
  Up: true,
  Gone: undefined,
  Nothing: null,
  Names: ["a", "b"],
  Net: goMap({ "my-net": { IP: "10.0.0.1" }, back: { IP: "10.1.0.1" } }),
  Labels: goMap({ b: "2", a: "1" }),
  Restart: { Name: "no", MaximumRetryCount: 0 },
  Evil: "a\u001b[31mb\n",
  Label: (name: string) => (name === "tier" ? "front" : ""),
};

function failureOf(template: string): unknown {
  try {
    parseFormat(template).render(data);
  } catch (error) {
    return error;
  }
  throw new Error("the template was accepted");
}

test.each(goTemplates)("%s is what Go makes of it", (template, text) => {
  expect(parseFormat(template).render(context)).toBe(text);
});

describe("a template", () => {
  test.each([
    ["", ""],
    ["a\\tb\\n", "a\tb\n"],
    ["{{.Up}} {{.Gone}} {{.Nothing}}", "true <no value> <no value>"],
    ["{{.Net.my-net.IP}}", "10.0.0.1"],
    ["{{range .Net}}{{.IP}} {{end}}", "10.1.0.1 10.0.0.1 "],
    ["{{range $name, $net := .Net}}{{$name}}:{{$net.IP}} {{end}}", "back:10.1.0.1 my-net:10.0.0.1 "],
    ['{{(index .Net "my-net").IP}}', "10.0.0.1"],
    ["{{.Names}} {{.Labels}} {{.Restart}}", "[a b] map[a:1 b:2] {no 0}"],
    ['{{.Names | join "|"}} {{join .Names ", "}}', "a|b a, b"],
    ["{{.Labels.none}}|{{index .Labels `none`}}|", "<no value>||"],
    ["{{if .Gone}}yes{{else}}no{{end}}", "no"],
    ['{{.Label "tier"}}{{if eq (.Label "tier") "front"}}!{{end}}', "front!"],
    ["{{json .Gone}} {{json .Net}}", 'null {"my-net":{"IP":"10.0.0.1"},"back":{"IP":"10.1.0.1"}}'],
    ["{{.Evil}}", "a\\x1b[31mb\\x0a"],
    ['{{printf "%s\\n" .Evil}}', "a\\x1b[31mb\\x0a\n"],
    ["{{upper .Evil}}{{slice .Evil 1}}", "A\\x1b[31MB\\x0a\\x1b[31mb\\x0a"],
    ["{{print .Evil}}{{printf .Evil}}{{printf `%q` .Evil}}", 'a\\x1b[31mb\\x0aa\\x1b[31mb\\x0a"a\\x1b[31mb\\n"'],
    ["{{join (split .Evil `[`) .Evil}}", "a\\x1ba\\x1b[31mb\\x0a31mb\\x0a"],
  ])("%s", (template, text) => {
    expect(parseFormat(template).render(data)).toBe(text);
  });

  test("of the whole", () => {
    expect(JSON.parse(parseFormat("{{json .}}").render(data))).toEqual(JSON.parse(JSON.stringify(data)));
  });

  test("shows headings in place of values, functions of text left out", () => {
    const headings = { ID: "NETWORK ID", Name: "Name" };
    const template = '{{.ID}}\t{{upper .Name}}\t{{.Label "com.the-tier"}}{{if .Name}}\t{{.Name | json}}{{end}}';
    expect(parseFormat(template).renderHeadings(headings)).toBe("NETWORK ID\tName\tthe tier\tName");
  });
});

describe("a bad template is refused in one sentence", () => {
  test.each([
    ["{{.Nome}}", "TSD_FORMAT_UNKNOWN_FIELD", "the format names an unknown field .Nome"],
    ["{{.Name.First}}", "TSD_FORMAT_UNKNOWN_FIELD", "the format names an unknown field .Name.First"],
    ["{{.toString}}", "TSD_FORMAT_UNKNOWN_FIELD", "the format names an unknown field .toString"],
    ["{{.Names.length}}", "TSD_FORMAT_UNKNOWN_FIELD", "the format names an unknown field .Names.length"],
    ["{{.Name", "TSD_FORMAT_INVALID", "the format cannot be read at 1:0: {{.Name is not closed by }}"],
    ["a\n{{}}", "TSD_FORMAT_INVALID", "the format cannot be read at 2:0: missing value for command"],
    ["{{Name}}", "TSD_FORMAT_INVALID", 'the format cannot be read at 1:2: function "Name" not defined'],
    ["{{constructor}}", "TSD_FORMAT_INVALID", 'the format cannot be read at 1:2: function "constructor" not defined'],
    ["{{range .Names}}", "TSD_FORMAT_INVALID", "the format cannot be read at 1:0: {{range}} has no {{end}}"],
    ["{{$x}}", "TSD_FORMAT_INVALID", 'the format cannot be read at 1:2: undefined variable "$x"'],
    ["{{'ab'}}", "TSD_FORMAT_INVALID", "the format cannot be read at 1:2: 'ab' is not one character"],
    ["{{json}}", "TSD_FORMAT_FAILED", "the format fails at 1:2 <json>: wrong number of args for json: want 1 got 0"],
    [
      '{{index .Name "x"}}',
      "TSD_FORMAT_FAILED",
      'the format fails at 1:2 <index .Name "x">: error calling index: cannot index slice/array with type string',
    ],
    [
      "{{.Gone.Status}}",
      "TSD_FORMAT_FAILED",
      "the format fails at 1:2 <.Gone.Status>: there is nothing that .Gone.Status could be a field of",
    ],
    [
      "{{.Label}}",
      "TSD_FORMAT_FAILED",
      "the format fails at 1:2 <.Label>: wrong number of args for Label: want 1 got 0",
    ],
    [
      '{{join .Name ","}}',
      "TSD_FORMAT_FAILED",
      'the format fails at 1:2 <join .Name ",">: error calling join: wrong type for value; expected []string; got string',
    ],
  ])("%s", (template, code, message) => {
    expect(failureOf(template)).toMatchObject({ kind: "invalid-input", code, message });
  });

  test("an unknown field's hint names the known ones", () => {
    expect(() => parseFormat("{{.Nome}}").render({ ID: "1", Name: "web" })).toThrow(
      expect.objectContaining({ hint: "Known here: .ID, .Name." }),
    );
  });
});

describe("a hostile template ends in words", () => {
  test.each([
    ["loops in loops", "{{range 99999}}{{range 99999}}{{end}}{{end}}", "the format takes more than"],
    ["a loop over more", "{{range 1000000000}}{{end}}", "range can't iterate over"],
    ["a text that doubles", '{{$x := "ab"}}{{range 99}}{{$x = print $x $x}}{{end}}', "a text has more than"],
    [
      "a text many times",
      `{{$x := printf "%9999d" 1}}{{printf "${"%s".repeat(999)}" ${"$x ".repeat(999)}}}`,
      "a text has more than",
    ],
    ["output", '{{$x := printf "%9999d" 1}}{{range 99999}}{{$x}}{{end}}', "the format prints more than"],
    ["a wide field", '{{printf "%99999999d" 1}}{{.Nome}}', "unknown field"],
    [
      "a template that calls itself",
      '{{define "x"}}{{template "x"}}{{end}}{{template "x"}}',
      "templates call each other more than",
    ],
    ["parentheses", `{{${"(".repeat(9999)}}}`, "parentheses deep"],
    ["blocks", "{{if 1}}".repeat(500), "blocks within each other"],
    ["a long format", " ".repeat(70_000), "it has more than"],
    ["white space", `{{.Nome${" ".repeat(60_000)}"a"}}`, "unknown field"],
  ])("%s", (_what, template, message) => {
    expect(failureOf(template)).toMatchObject({ kind: "invalid-input", message: expect.stringContaining(message) });
  });

  const words = [
    "{{",
    "}}",
    "{{-",
    " -}}",
    "(",
    ")",
    "|",
    ".",
    ".Name",
    ".Names",
    "$",
    "$x",
    ":=",
    "=",
    ",",
    " ",
    "if",
    "else",
    "end",
    "range",
    "with",
    "define",
    "template",
    "block",
    "break",
    "continue",
    '"a"',
    "`b`",
    "'c'",
    "1",
    "2.5",
    "nil",
    "printf",
    "index",
    "json",
    "len",
    '"%d%s%v"',
    "eq",
    "and",
    "/*",
    "*/",
    "\\n",
    "text",
    ".Net",
    ".Label",
    "slice",
    "split",
  ];

  test("no order of words fails otherwise", () => {
    const template = fc.array(fc.constantFrom(...words), { maxLength: 24 }).map((all) => all.join(""));
    fc.assert(
      fc.property(template, (text) => {
        try {
          parseFormat(text).render(data);
        } catch (error) {
          if (!TsdError.is(error, "invalid-input")) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("what data say is never obeyed by a terminal", () => {
    const change = fc.constantFrom(
      "{{.X}}",
      "{{print .X 1}}",
      "{{printf .X}}",
      "{{printf `%s` .X}}",
      "{{upper .X}}",
      "{{slice .X 1}}",
      "{{join (split .X `a`) .X}}",
      "{{json .X}}",
      "{{html .X}}",
      "{{js .X}}",
      "{{.Y}}",
      "{{range .Y}}{{.}}{{end}}",
    );
    fc.assert(
      fc.property(change, fc.string({ minLength: 1, unit: "binary" }), (template, text) => {
        expect(parseFormat(template).render({ X: text, Y: [text] })).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
