import { isSameOwner } from "../owner-mark.js";
import { type Element, elementId, isOverlapping, isRange, isSameElement } from "./element.js";

/** Elements read back from the kernel, with an index so that questions about many of them stay cheap. */
export class StoredElements {
  private readonly byId: ReadonlyMap<string, Element>;
  private readonly ranges: readonly Element[];

  constructor(elements: readonly Element[]) {
    this.byId = new Map(elements.map((element) => [elementId(element), element]));
    this.ranges = elements.filter(({ key }) => key.some(isRange));
  }

  /** The element under the same key. */
  get(element: Element): Element | undefined {
    return this.byId.get(elementId(element));
  }

  has(element: Element): boolean {
    const stored = this.get(element);
    return stored !== undefined && isSameElement(stored, element);
  }

  /** What stands in the way of `element`: the same key with other data or another owner, or an overlapping range. */
  obstacle(element: Element): Element | undefined {
    const stored = this.get(element);
    if (stored !== undefined) return isSameElement(stored, element) ? undefined : stored;
    return this.ranges.find((range) => isOverlapping(range, element));
  }

  /** Those under the same key and of the same owner as one of `elements`, as they are stored. */
  ownedLike(elements: readonly Element[]): readonly Element[] {
    return elements.flatMap((element) => {
      const stored = this.get(element);
      return stored !== undefined && isSameOwner(stored.owner, element.owner) ? [stored] : [];
    });
  }

  /** Those that one of `elements` names or overlaps. */
  touchedBy(elements: readonly Element[]): readonly Element[] {
    const touched = elements.flatMap((element) => {
      const overlapping = element.key.some(isRange) ? this.ranges.filter((range) => isOverlapping(range, element)) : [];
      return [this.get(element) ?? [], overlapping].flat();
    });
    return [...new Set(touched)];
  }
}
