import type { NetworkAttachment } from "../../api/index.js";
import type { ContainerRow } from "../../contracts/index.js";
import { requestsOf } from "../requests/container-requests.js";

/** The row of a container that names another in its links or as its network, once that has another name; else undefined. */
export function renamedIn(row: ContainerRow, from: string, to: string): ContainerRow | undefined {
  const { container } = row;
  const { links, networks } = container.spec;
  const requests = requestsOf(row);
  const isLinked = requests.links.some(({ ref }) => ref === from);
  const isShared = networks?.some(({ network }) => network === `container:${from}`) ?? false;
  if (!isLinked && !isShared) return undefined;
  const renamed = (link: string): string => renamedLink(link, from, to);
  return {
    ...row,
    requests: {
      ...requests,
      links: requests.links.map((link) => (link.ref === from ? { ...link, ref: to } : link)),
    },
    container: {
      ...container,
      spec: {
        ...container.spec,
        ...(links === undefined ? {} : { links: links.map(renamed) }),
        ...(networks === undefined
          ? {}
          : {
              networks: networks.map(
                (one): NetworkAttachment => ({
                  ...one,
                  network: one.network === `container:${from}` ? `container:${to}` : one.network,
                  ...(one.links === undefined ? {} : { links: one.links.map(renamed) }),
                }),
              ),
            }),
      },
    },
  };
}

/** `db` alone is the alias as well, and stays one. */
function renamedLink(link: string, from: string, to: string): string {
  const [ref, alias = ref] = link.split(":");
  return ref === from ? `${to}:${alias}` : link;
}
