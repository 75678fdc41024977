/** What a name means to one container. */
export type NameMeaning =
  /** Without prefix length, of both families; none for a name that is there and has none. */
  | { readonly kind: "known"; readonly addresses: readonly string[] }
  /** tsd's alone to say: no container has it. */
  | { readonly kind: "unknown" }
  /** The world's to say. */
  | { readonly kind: "foreign" };

/**
 * Other hosts are asked: once it has settled, another view may say what they know. Rejects where they cannot be asked: what is asked for may
 * be there all the same.
 */
export type Asked = Promise<void>;

/** What one sandbox resolves, as the store had it when the view was asked for: each question needs a view of its own. */
export interface NameView {
  /** Of a name in lower case, without its last dot. */
  meaning(name: string): NameMeaning | Asked;
  /**
   * Addresses of a name that no other server knows, such as `db.corp`: those of `db`, where `corp` is a domain in which the
   * sandbox looks names up. Undefined for what is no name of the sandbox's either.
   */
  searched(name: string): readonly string[] | Asked | undefined;
  /** The name of an address on a network of the sandbox, as PTR has it; undefined for the addresses of others. */
  nameOf(address: string): string | Asked | undefined;
  /** Name servers that are asked for all else, in this order; empty where nothing is asked. */
  upstream(): readonly string[];
}

/** Sandboxes by the path of their namespace. */
export interface NameViews {
  /** Undefined once no container that lives has that namespace and a resolver. */
  of(netns: string): NameView | undefined;
  /** Namespaces in which the resolver has to listen now. */
  namespaces(): readonly string[];
}
