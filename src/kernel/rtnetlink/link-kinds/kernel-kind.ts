import type { LinkKind } from "../../../api/link-kind.js";
import { encodeAttributes, hasAttributes } from "./link-attribute.js";
import type { KernelKind, VirtualLink } from "./link-kind.js";

/** What a {@link LinkKind} comes to: the kernel takes its data at creation, and reports it of a link that exists. */
export function kernelKind<L extends VirtualLink>(kind: LinkKind<L>): KernelKind<L> {
  return {
    keepsMtu: true,
    changeable: false,
    ...(kind.feature === undefined ? {} : { feature: kind.feature }),
    parent: (link) => kind.parent?.(link),
    parentInData: false,
    standsOn: ({ peer }) => peer,
    encodeData: (batch, link) => encodeAttributes(batch, kind.data(link)),
    words: (link) => kind.words(link),
    traits(link, { data }) {
      const isAsDescribed = data === undefined || hasAttributes(data, kind.data(link));
      return isAsDescribed ? [] : [`has other settings than ${kind.words(link).join(" ")}`];
    },
  };
}
