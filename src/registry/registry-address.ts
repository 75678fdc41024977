/** Where a registry listens, and how far it is trusted. */
export interface RegistryAddress {
  /** As it stands in names of images: `docker.io`, `registry.example:5000`. */
  readonly host: string;
  /** As it is asked: `registry-1.docker.io`. */
  readonly authority: string;
  /** Plain HTTP and unknown certificates are accepted, as the configuration says, or because it is the machine itself. */
  readonly isInsecure: boolean;
  /** Given for a mirror, whose scheme the configuration names. */
  readonly scheme?: "http" | "https";
}

/** `registries` of tsd's configuration file. */
export interface RegistrySettings {
  /** Places that are asked before the registry itself, by its host: `https://mirror.example`. */
  readonly mirrors?: Readonly<Record<string, readonly string[]>>;
  /** `HOST[:PORT]`. */
  readonly insecure?: readonly string[];
}

/** The mirrors of a registry and then the registry, each to be asked if those before it fail. */
export function addressesOf(
  host: string,
  { mirrors = {}, insecure = [] }: RegistrySettings,
): readonly RegistryAddress[] {
  const listed = Object.hasOwn(mirrors, host) ? (mirrors[host] ?? []) : [];
  const isInsecure = (authority: string) => insecure.includes(authority) || isLoopback(authority);
  const others = listed.map((text): RegistryAddress => {
    const url = new URL(text);
    const scheme = url.protocol === "http:" ? "http" : "https";
    return { host: url.host, authority: url.host, isInsecure: scheme === "http" || isInsecure(url.host), scheme };
  });
  const authority = host === "docker.io" ? "registry-1.docker.io" : host;
  return [...others, { host, authority, isInsecure: isInsecure(host) }];
}

/** True for the machine itself, 127.0.0.0/8, ::1 and `localhost`: there docker, too, accepts plain HTTP. */
function isLoopback(authority: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(authority);
}
