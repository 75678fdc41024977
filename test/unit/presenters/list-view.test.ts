import { describe, expect, test } from "@jest/globals";
import { containerRow, containerView } from "../../../src/presenters/container-list.js";
import { imageRows, imageView } from "../../../src/presenters/image-list.js";
import { renderList } from "../../../src/presenters/list-view.js";
import { networkRow, networkView } from "../../../src/presenters/network-list.js";
import { makeDetails, makeImage, makeNetwork, now } from "./samples.js";

const short = { full: false, now };
const networks = [makeNetwork(), makeNetwork({ name: "a-much-longer-name", labels: { tier: "db", a: "" } })];
const networkRows = networks.map((network) => networkRow(network, short));

describe("a list", () => {
  test("of networks is docker's table and the subnet", () => {
    expect(renderList(networkRows, networkView, {})).toBe(
      [
        "NETWORK ID     NAME                 DRIVER    SCOPE     SUBNET",
        "a1a1a1a1a1a1   web                  bridge    local     10.10.10.0/24",
        "a1a1a1a1a1a1   a-much-longer-name   bridge    local     10.10.10.0/24",
        "",
      ].join("\n"),
    );
  });

  test("of nothing is its heading", () => {
    expect(renderList([], networkView, {})).toBe("NETWORK ID   NAME      DRIVER    SCOPE     SUBNET\n");
  });

  test("of containers has the columns a network tool owes its users", () => {
    const details = makeDetails(
      { command: ["sh", "-c", 'echo "a long command line"'] },
      { ports: [{ protocol: "tcp", hostPort: 8080, containerPort: 80, count: 1 }] },
    );
    expect(renderList([containerRow(details, short)], containerView, {})).toBe(
      [
        "ID             NAME      PID       IP           STATUS         PORTS                  COMMAND                   CREATED",
        'c1c1c1c1c1c1   www       4711      10.10.10.2   Up 3 minutes   0.0.0.0:8080->80/tcp   "sh -c echo \\"a long …"   10 minutes ago',
        "",
      ].join("\n"),
    );
  });

  test("of images has a row for each name, one even without", () => {
    const images = [makeImage({ names: ["busybox:latest", "host:5000/bb:1"] }), makeImage({ names: [] })];
    const rows = images.flatMap((image) => imageRows(image, short));
    expect(renderList(rows, imageView, {})).toBe(
      [
        "REPOSITORY     TAG       IMAGE ID       CREATED          SIZE",
        "busybox        latest    b1b1b1b1b1b1   10 minutes ago   4.26MB",
        "host:5000/bb   1         b1b1b1b1b1b1   10 minutes ago   4.26MB",
        "<none>         <none>    b1b1b1b1b1b1   10 minutes ago   4.26MB",
        "",
      ].join("\n"),
    );
  });
});

describe("options of a list", () => {
  test("quiet prints each id once", () => {
    expect(renderList(networkRows, networkView, { quiet: true })).toBe("a1a1a1a1a1a1\n");
  });

  test("full ids and commands", () => {
    const row = containerRow(makeDetails({ command: ["a".repeat(30)] }), { full: true, now });
    expect(row).toMatchObject({ ID: "c1".repeat(32), Command: `"${"a".repeat(30)}"` });
    expect(imageRows(makeImage(), { full: true, now })[0]?.ID).toBe(`sha256:${"b1".repeat(32)}`);
  });

  test.each([
    ["table", renderList(networkRows, networkView, {})],
    ["{{.Name}} {{.Labels}}", "web \na-much-longer-name tier=db,a=\n"],
    [
      "table {{.Name}}\\t{{.Driver}}",
      "NAME                 DRIVER\nweb                  bridge\na-much-longer-name   bridge\n",
    ],
  ])("format %s", (format, text) => {
    expect(renderList(networkRows, networkView, { format })).toBe(text);
  });

  test("format json prints an object a line", () => {
    const lines = renderList(networkRows, networkView, { format: "json" }).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(networkRows);
  });

  test("an unknown field is refused even where there is a heading only", () => {
    expect(() => renderList([], networkView, { format: "table {{.Nome}}" })).toThrow("unknown field .Nome");
  });

  test("colour touches the heading alone", () => {
    const [heading, ...rows] = renderList(networkRows, networkView, { colour: true }).split("\n");
    expect(heading).toContain("\u001b[1m");
    expect(rows.join("\n")).not.toContain("\u001b");
  });
});
