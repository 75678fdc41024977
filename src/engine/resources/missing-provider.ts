import type { Provider, ResourceKind } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/** In place of a provider that no extension brings, or that does not load: each verb fails with the reason. */
export class MissingProvider implements Provider {
  readonly kinds: readonly ResourceKind[];

  constructor(
    kind: ResourceKind,
    readonly why: unknown = noProvider(kind),
  ) {
    this.kinds = [kind];
  }

  ensure(): Promise<never> {
    return Promise.reject(this.why);
  }

  remove(): Promise<never> {
    return this.ensure();
  }

  inspect(): Promise<never> {
    return this.ensure();
  }

  describe(): Promise<never> {
    return this.ensure();
  }
}

function noProvider(kind: string): TsdError {
  return new TsdError({
    kind: "plugin",
    code: "TSD_PROVIDER_MISSING",
    message: `no plug-in that is installed makes and removes resources of kind "${kind}"`,
    hint: "Install the plug-in that does (tsd plugin add PACKAGE), or give up what it made (--force).",
    details: { kind },
  });
}
