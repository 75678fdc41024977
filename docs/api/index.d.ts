// What @tsdnet/tsd declares. TSD_UPDATE_GOLDEN=1 script/check writes this file.

export * from "./api.js";

export declare function openTsd(options?: TsdOptions): Promise<Tsd>;
