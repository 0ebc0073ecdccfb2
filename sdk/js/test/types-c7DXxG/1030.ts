// net.lookup_ip_addr/simple ip4 returns that ip4
import type { Entrypoints } from "./1030.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
