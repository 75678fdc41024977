import { type Element, familiesOf } from "./element.js";
import { type TableFamily, tableFamilies } from "./element-sets.js";
import type { ElementTransport, Outcome } from "./element-transport.js";
import { creation, deletion } from "./nft-json.js";
import type { NftProgram } from "./nft-program.js";
import { unsettledTable } from "./nftables-errors.js";
import { StoredElements } from "./stored-elements.js";

const MAX_ATTEMPTS = 8;

/**
 * Elements by way of the nft program, as the JSON that `--dry-run` shows. Works wherever nft does. nft reads its whole cache
 * for any listing, so nothing here lists on the way to publish a port unless something is wrong.
 */
export class ExecTransport implements ElementTransport {
  readonly name = "exec";

  constructor(private readonly nft: Pick<NftProgram, "runDocument" | "listTable">) {}

  create(elements: readonly Element[]): Promise<Outcome> {
    return this.nft.runDocument(creation(elements));
  }

  /**
   * The kernel compares no owners, so these are read first. Maps compare the data of what they delete ({@link deletion}): what
   * has come to lead elsewhere in between takes another round.
   */
  async delete(elements: readonly Element[]): Promise<Exclude<Outcome, "taken">> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const doomed = new StoredElements(await this.find(elements)).ownedLike(elements);
      if (doomed.length === 0) return "done";
      const outcome = await this.nft.runDocument(deletion(doomed));
      if (outcome !== "taken") return outcome;
    }
    throw unsettledTable(MAX_ATTEMPTS);
  }

  async find(elements: readonly Element[]): Promise<readonly Element[]> {
    return new StoredElements(await this.list(familiesOf(elements))).touchedBy(elements);
  }

  async list(families: readonly TableFamily[] = tableFamilies): Promise<readonly Element[]> {
    const tables = families.map((family) => this.nft.listTable(family, { elements: true }));
    return (await Promise.all(tables)).flatMap((table) => table?.elements ?? []);
  }
}
