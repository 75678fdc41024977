import { describe, expect, test } from "@jest/globals";
import { TsdError } from "../../../src/errors/tsd-error.js";
import { parseFormat } from "../../../src/presenters/format-template.js";

const data = {
  Name: "web",
  Count: 3,
  Up: true,
  Gone: undefined,
  Names: ["a", "b"],
  Net: { "my-net": { IP: "10.0.0.1" } },
};

describe("a template", () => {
  test.each([
    ["", ""],
    ["plain", "plain"],
    ["{{.Name}}", "web"],
    ["{{ .Name }}/{{.Count}}", "web/3"],
    ["a\\tb\\n", "a\tb\n"],
    ["{{.Up}} {{.Gone}}", "true <no value>"],
    ["{{.Net.my-net.IP}}", "10.0.0.1"],
    ["{{json .Names}}", '["a","b"]'],
    ["{{.Names}}", '["a","b"]'],
    ["{{json .Net}}", '{"my-net":{"IP":"10.0.0.1"}}'],
    ["{{upper .Name}}", "WEB"],
    ["{{.Name | upper | lower}}", "web"],
    ['{{join .Names ", "}}', "a, b"],
    ['{{.Names | join "|"}}', "a|b"],
    ['{{"quoted \\"text\\""}}', 'quoted "text"'],
    ['{{json "}"}}', '"}"'],
  ])("%s", (template, text) => {
    expect(parseFormat(template).render(data)).toBe(text);
  });

  test("of the whole", () => {
    expect(JSON.parse(parseFormat("{{json .}}").render(data))).toEqual(JSON.parse(JSON.stringify(data)));
  });

  test("shows headings in place of values, functions left out", () => {
    expect(parseFormat("{{.ID}}\t{{upper .Name}}").renderHeadings({ ID: "NETWORK ID", Name: "Name" })).toBe(
      "NETWORK ID\tName",
    );
  });
});

describe("a bad template is refused in one sentence", () => {
  test.each([
    ["{{.Nome}}", "TSD_FORMAT_UNKNOWN_FIELD", "the format names an unknown field .Nome"],
    ["{{.Name.First}}", "TSD_FORMAT_UNKNOWN_FIELD", "the format names an unknown field .Name.First"],
    ["{{.toString}}", "TSD_FORMAT_UNKNOWN_FIELD", "the format names an unknown field .toString"],
    ["{{.Name", "TSD_FORMAT_INVALID", "the format's {{.Name is not closed by }}"],
    ["{{}}", "TSD_FORMAT_INVALID", "the format's {{}} has an empty part"],
    ["{{.Name | }}", "TSD_FORMAT_INVALID", "the format's {{.Name |}} has an empty part"],
    ["{{Name}}", "TSD_FORMAT_INVALID", `the format's {{Name}} holds "Name", which is no field`],
    ["{{range .Names}}", "TSD_FORMAT_INVALID", `the format's {{range .Names}} has no function "range"`],
    ["{{json}}", "TSD_FORMAT_INVALID", "the format's {{json}} gives json nothing to work on"],
    ['{{join .Name ","}}', "TSD_FORMAT_INVALID", 'the format joins "web", which is not a list'],
    ['{{"a}}', "TSD_FORMAT_INVALID", `the format's {{"a}} has no function """`],
  ])("%s", (template, code, message) => {
    try {
      parseFormat(template).render(data);
    } catch (error) {
      expect(TsdError.is(error, "invalid-input")).toBe(true);
      expect(error).toMatchObject({ code, message });
      return;
    }
    throw new Error("the template was accepted");
  });

  test("an unknown field's hint names the known ones", () => {
    expect(() => parseFormat("{{.Nome}}").render({ ID: "1", Name: "web" })).toThrow(
      expect.objectContaining({ hint: "Known here: .ID, .Name." }),
    );
  });
});
