import type { NatIntent, Sweeper } from "../../api/index.js";
import { sweeperOf } from "../../kernel/orphans/sweeper-of.js";
import { doubtOf, standingOf } from "../owner-mark.js";
import { dataText, type Element, elementId, isSameElement, keyText } from "./element.js";
import { elementsOf } from "./intent-elements.js";

interface ElementKeeper {
  /** Of this installation. */
  readonly mark: string;
  readonly list: () => Promise<readonly Element[]>;
  readonly free: (elements: readonly Element[]) => Promise<void>;
}

/**
 * Elements of tsd's tables that no intent comes to: of an owner who is gone, or leading elsewhere than it wants. Those of
 * other installations are passed over.
 */
export function elementSweeper({ mark, list, free }: ElementKeeper): Sweeper<NatIntent> {
  return sweeperOf<Element, NatIntent>({
    list: async () => (await list()).filter(({ owner }) => standingOf(owner, mark) !== "others"),
    free,
    orphanOf: (element) => ({
      kind: "element",
      what: words(element),
      why: "no network and no endpoint wants it",
      ...doubtOf(element.owner, mark),
    }),
    claims(wanted) {
      const elements = new Map(elementsOf(wanted).map((element) => [elementId(element), element]));
      return (element) => {
        const claim = elements.get(elementId(element));
        return claim !== undefined && isSameElement(claim, element);
      };
    },
  });
}

/** `tcp . 8080 to 10.10.10.2 . 80 of publish4, owner 12ab34cd56ef`. */
function words(element: Element): string {
  const data = dataText(element);
  const owner = element.owner === "" ? "without owner" : `owner ${element.owner.slice(0, 12)}`;
  return `${keyText(element)}${data === "" ? "" : ` to ${data}`} of ${element.set}, ${owner}`;
}
