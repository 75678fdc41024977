// What @tsdnet/tsd/testing declares. TSD_UPDATE_GOLDEN=1 script/check writes this file.

export interface CaseResult {
    readonly subject: string;
    readonly chapter: string;
    readonly name: string;
    readonly outcome: "passed" | "failed" | "not run";
    readonly why?: string;
    readonly took: number;
}

export interface NetworkVariant {
    readonly options?: RawOptions;
    readonly second?: RawOptions;
    readonly internal?: boolean;
    readonly ipv6?: boolean;
    readonly lan?: {
        readonly vlan?: number;
    };
    readonly reaches?: Partial<Reach>;
}

type RawOptions = Readonly<Record<string, string>>;

export interface Reach {
    readonly host: boolean;
    readonly outside: boolean;
    readonly inward: boolean;
    readonly neighbours: boolean;
    readonly networks: boolean;
}

export interface VerifyOptions {
    readonly networks?: readonly NetworkVariant[];
    readonly endpointOptions?: readonly RawOptions[];
    readonly ipamOptions?: readonly RawOptions[];
    readonly chapters?: readonly string[];
    readonly long?: boolean;
}

export declare function verifyExtension(module: string | URL, options?: VerifyOptions): AsyncGenerator<CaseResult, void, undefined>;
