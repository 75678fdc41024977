/** Version of the contracts in this folder. It grows when a driver written for the last one would no longer work. */
export const API_VERSION = 1;
