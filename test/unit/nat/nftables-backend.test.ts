import { describe, expect, test } from "@jest/globals";
import type { NatIntent } from "../../../src/api/index.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import type { Element } from "../../../src/nat/nftables/element.js";
import type { ElementTransport, Outcome } from "../../../src/nat/nftables/element-transport.js";
import { elementsOf } from "../../../src/nat/nftables/intent-elements.js";
import { creation } from "../../../src/nat/nftables/nft-json.js";
import type { TableListing } from "../../../src/nat/nftables/nft-listing.js";
import { NftablesBackend } from "../../../src/nat/nftables/nftables-backend.js";
import { schemaChain, skeletonScript } from "../../../src/nat/nftables/skeleton.js";
import { StoredElements } from "../../../src/nat/nftables/stored-elements.js";
import type { TableForm } from "../../../src/nat/nftables/table-form.js";
import { markOwners } from "../../../src/nat/owner-mark.js";
import { isolate, masquerade, publish } from "./intents.js";

const mark = "0123456789abcdef";

/** The elements that the backend makes of intents. */
function marked(...intents: readonly NatIntent[]): readonly Element[] {
  return elementsOf(markOwners(intents, mark));
}

/** nf_tables as far as the backend can tell: one table, and transactions that happen wholly or not at all. */
class FakeNftables implements ElementTransport {
  readonly name = "fake";
  readonly scripts: string[] = [];
  readonly forgotten: string[] = [];
  creations = 0;
  table: TableListing | undefined;
  stored: Element[] = [];
  missing = false;
  incapable = false;

  async create(elements: readonly Element[]): Promise<Outcome> {
    this.creations++;
    if (!this.table?.chains.includes(schemaChain("inet"))) return "absent";
    const present = new StoredElements(this.stored);
    if (elements.some((element) => present.get(element) !== undefined)) return "taken";
    this.stored.push(...elements);
    return "done";
  }

  async delete(elements: readonly Element[]): Promise<"done" | "absent"> {
    if (!this.table?.chains.includes(schemaChain("inet"))) return "absent";
    const doomed = new Set(new StoredElements(this.stored).ownedLike(elements));
    this.stored = this.stored.filter((element) => !doomed.has(element));
    return "done";
  }

  async find(elements: readonly Element[]): Promise<readonly Element[]> {
    return new StoredElements(this.stored).touchedBy(elements);
  }

  async list(): Promise<readonly Element[]> {
    return this.stored;
  }

  async runScript(script: string): Promise<Outcome> {
    this.scripts.push(script);
    if (this.incapable) return "absent";
    this.table = { chains: [schemaChain("inet")], sets: [], elements: [] };
    return "done";
  }

  async listTable(): Promise<TableListing | undefined> {
    await this.version();
    return this.table;
  }

  has(): boolean {
    return this.table !== undefined;
  }

  present(): TableForm | undefined {
    return this.table && formOf(this.table);
  }

  expected(): TableForm {
    return formOf({ chains: [schemaChain("inet")], sets: [], elements: [] });
  }

  async drop(): Promise<boolean> {
    this.table = undefined;
    this.stored = [];
    return true;
  }

  async listRules(): Promise<ReadonlyMap<bigint, string>> {
    return new Map();
  }

  async version(): Promise<string> {
    if (!this.missing) return "1.0.6";
    throw new TsdError({ kind: "unsupported", code: "TSD_PROGRAM_MISSING", message: "no nft", hint: "Install it" });
  }

  async checkScript(): Promise<void> {}

  forgetUntranslated(): void {
    this.forgotten.push("untranslated");
  }

  forgetTranslated(): void {
    this.forgotten.push("translated");
  }

  forgetAllowed(): void {
    this.forgotten.push("allowed");
  }
}

function formOf({ chains, sets }: TableListing): TableForm {
  return {
    isDormant: false,
    chains: new Map(chains.map((name) => [name, { declaration: "", rules: [] }])),
    sets: new Map(sets.map((name) => [name, { declaration: "", entries: [] }])),
    others: [],
  };
}

function setUp(): { readonly kernel: FakeNftables; readonly backend: NftablesBackend } {
  const kernel = new FakeNftables();
  return {
    kernel,
    backend: new NftablesBackend({ transport: kernel, nft: kernel, tables: kernel, flows: kernel, mark }),
  };
}

describe("ensure", () => {
  test("makes the table once, when the first element needs it", async () => {
    const { kernel, backend } = setUp();
    await backend.ensure([isolate, masquerade]);
    await backend.ensure([publish()]);
    expect(kernel.scripts).toHaveLength(1);
    expect(kernel.stored).toEqual(marked(isolate, masquerade, publish()));
  });

  test("adopts what is right and adds what is missing", async () => {
    const { kernel, backend } = setUp();
    await backend.ensure([isolate]);
    await backend.ensure([isolate, publish()]);
    expect(kernel.stored).toEqual(marked(isolate, publish()));
  });

  test("refuses a key of another owner, naming who has it", async () => {
    const other = publish({ owner: "9".repeat(64) });
    const { kernel, backend } = setUp();
    await backend.ensure([other]);
    await expect(backend.ensure([isolate, publish()])).rejects.toThrow(
      expect.objectContaining({
        kind: "conflict",
        code: "TSD_NAT_TAKEN",
        message: expect.stringContaining(other.owner.slice(0, 12)),
        details: expect.objectContaining({ owner: `${other.owner}-${mark}`, key: "tcp . 8080" }),
      }),
    );
    expect(kernel.stored).toEqual(marked(other));
  });

  test("replaces an element of its own whose data another hand has changed", async () => {
    const { kernel, backend } = setUp();
    await backend.ensure([publish({ containerPort: 81 })]);
    await backend.ensure([publish()]);
    expect(kernel.stored).toEqual(marked(publish()));
  });

  test("refuses a range that encloses another, which the kernel would take", async () => {
    const { kernel, backend } = setUp();
    const inner = publish({ hostPort: 9000, containerPort: 9000, count: 11, owner: "9".repeat(64) });
    await backend.ensure([inner]);
    await expect(backend.ensure([publish({ hostPort: 8999, containerPort: 8999, count: 20 })])).rejects.toThrow(
      expect.objectContaining({ details: expect.objectContaining({ found: "tcp . 9000-9010" }) }),
    );
    expect(kernel.stored).toEqual(marked(inner));
  });

  test("brings an older table up to date and keeps its elements", async () => {
    const { kernel, backend } = setUp();
    kernel.table = { chains: ["schema_0", "old"], sets: ["gone"], elements: [] };
    await backend.ensure([isolate]);
    expect(kernel.scripts[0]).toMatch(
      /^flush table inet tsd\ndelete set inet tsd gone\ndelete chain inet tsd schema_0\ndelete chain inet tsd old\n/,
    );
  });

  test("leaves a newer table alone", async () => {
    const { kernel, backend } = setUp();
    kernel.table = { chains: ["schema_7"], sets: [], elements: [] };
    await expect(backend.ensure([isolate])).rejects.toThrow(expect.objectContaining({ code: "TSD_NAT_SCHEMA" }));
    expect(kernel.scripts).toEqual([]);
  });

  test("says that the kernel lacks something, instead of trying for ever", async () => {
    const { kernel, backend } = setUp();
    kernel.incapable = true;
    await expect(backend.ensure([isolate])).rejects.toThrow(expect.objectContaining({ code: "TSD_NAT_KERNEL" }));
    expect(kernel.scripts).toHaveLength(1);
  });

  test("sends nothing for nothing", async () => {
    const { kernel, backend } = setUp();
    await backend.ensure([]);
    expect(kernel.creations).toBe(0);
  });
});

describe("remove", () => {
  test("leaves what now belongs to another owner", async () => {
    const { kernel, backend } = setUp();
    const other = publish({ owner: "9".repeat(64) });
    await backend.ensure([other]);
    await backend.remove([publish()]);
    expect(kernel.stored).toEqual(marked(other));
  });

  test("succeeds without a table, and makes none", async () => {
    const { kernel, backend } = setUp();
    await backend.remove([isolate, publish()]);
    expect(kernel.scripts).toEqual([]);
  });

  test("succeeds without nft, where there can be no table", async () => {
    const { kernel, backend } = setUp();
    kernel.missing = true;
    await backend.remove([isolate, publish()]);
    expect(kernel.scripts).toEqual([]);
  });
});

test("flows are forgotten after a change, and not when there was none", async () => {
  const { kernel, backend } = setUp();
  await backend.ensure([publish()]);
  await backend.ensure([publish()]);
  await backend.remove([publish()]);
  expect(kernel.forgotten).toEqual(["untranslated", "translated", "allowed"]);
});

test("inspect distinguishes missing from different", async () => {
  const { backend } = setUp();
  const stale = publish({ containerAddress: "10.10.10.9", owner: "9".repeat(64) });
  await backend.ensure([isolate, stale]);
  expect(await backend.inspect([isolate, masquerade, publish()])).toEqual([
    { resource: masquerade, problem: "missing" },
    { resource: publish(), problem: "different", found: `owner ${stale.owner}-${mark}, to 10.10.10.9 . 80` },
  ]);
});

test("describe shows the transaction that ensure sends", async () => {
  const { backend } = setUp();
  const [skeleton, document] = await backend.describe("ensure", [publish()]);
  expect(skeleton).toBe(`nft -f - <<'END'\n${skeletonScript("inet")}END`);
  expect(document).toBe(`nft -j -f - <<'END'\n${JSON.stringify(creation(marked(publish())))}\nEND`);
  expect(await backend.describe("ensure", [])).toEqual([]);
});

test("probe says what to install where nft is missing", async () => {
  const { kernel, backend } = setUp();
  expect(await backend.probe()).toEqual({ usable: true, version: "1.0.6" });
  kernel.missing = true;
  expect(await backend.probe()).toEqual({ usable: false, reason: "no nft", hint: "Install it" });
});
