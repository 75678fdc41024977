import type { ContainerRow } from "../../contracts/index.js";
import { requestsOf } from "../requests/container-requests.js";

/** The row of a container that names another in its links or as its network, once that has another name; else undefined. */
export function renamedIn(row: ContainerRow, from: string, to: string): ContainerRow | undefined {
  const { container } = row;
  const { links = [], networks = [] } = container.spec;
  const isLinked = links.some((link) => link.split(":", 1)[0] === from);
  const isShared = networks.some(({ network }) => network === `container:${from}`);
  if (!isLinked && !isShared) return undefined;
  const requests = requestsOf(row);
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
        ...(isLinked ? { links: links.map((link) => renamedLink(link, from, to)) } : {}),
        ...(isShared
          ? {
              networks: networks.map((one) =>
                one.network === `container:${from}` ? { ...one, network: `container:${to}` } : one,
              ),
            }
          : {}),
      },
    },
  };
}

/** `db` alone is the alias as well, and stays one. */
function renamedLink(link: string, from: string, to: string): string {
  const [ref, alias = ref] = link.split(":");
  return ref === from ? `${to}:${alias}` : link;
}
