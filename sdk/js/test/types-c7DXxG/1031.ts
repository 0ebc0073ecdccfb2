// net.lookup_ip_addr/simple ip6 returns that ip6
import type { Entrypoints } from "./1031.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
