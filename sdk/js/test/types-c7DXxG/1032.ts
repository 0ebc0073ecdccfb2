// net.lookup_ip_addr/localhost
import type { Entrypoints } from "./1032.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
