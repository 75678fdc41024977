import { type Element, familiesOf, isMap } from "./element.js";
import { type TableFamily, tableFamilies } from "./element-sets.js";
import type { ElementTransport, Outcome } from "./element-transport.js";
import { creation, deletion } from "./nft-json.js";
import type { NftProgram } from "./nft-program.js";
import { unsettledTable } from "./nftables-errors.js";
import { StoredElements } from "./stored-elements.js";

const MAX_ATTEMPTS = 8;

/**
 * Elements by way of the nft program, as the JSON that `--dry-run` shows. Works wherever nft does. nft reads its whole
 * cache for any listing, so nothing here lists on the way to publish or unpublish a port unless something is amiss.
 */
export class ExecTransport implements ElementTransport {
  readonly name = "exec";

  constructor(private readonly nft: Pick<NftProgram, "runDocument" | "listTable">) {}

  create(elements: readonly Element[]): Promise<Outcome> {
    return this.nft.runDocument(creation(elements));
  }

  /**
   * Maps compare the data of what they delete ({@link deletion}); sets cannot, so that owners are read first. An
   * element that leads elsewhere, or a change by someone else in between, takes another round.
   */
  async delete(elements: readonly Element[]): Promise<Exclude<Outcome, "taken">> {
    const inSets = elements.filter(({ set }) => !isMap(set));
    let doomed = [...elements.filter(({ set }) => isMap(set)), ...(await this.owned(inSets))];
    for (let attempt = 0; attempt < MAX_ATTEMPTS && doomed.length > 0; attempt++) {
      const outcome = await this.nft.runDocument(deletion(doomed));
      if (outcome !== "taken") return outcome;
      doomed = [...(await this.owned(elements))];
    }
    if (doomed.length > 0) throw unsettledTable(MAX_ATTEMPTS);
    return "done";
  }

  async find(elements: readonly Element[]): Promise<readonly Element[]> {
    return new StoredElements(await this.list(familiesOf(elements))).touchedBy(elements);
  }

  async list(families: readonly TableFamily[] = tableFamilies): Promise<readonly Element[]> {
    const tables = families.map((family) => this.nft.listTable(family, { elements: true }));
    return (await Promise.all(tables)).flatMap((table) => table?.elements ?? []);
  }

  private async owned(elements: readonly Element[]): Promise<readonly Element[]> {
    return new StoredElements(await this.find(elements)).ownedLike(elements);
  }
}
