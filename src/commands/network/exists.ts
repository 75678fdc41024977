import { existsCommand } from "../exists.js";

export default existsCommand("network", (tsd, ref) => tsd.networks.inspect(ref));
