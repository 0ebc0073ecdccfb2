// netcidrmerge/cidr IPv4 and IPv6
import type { Entrypoints } from "./1024.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["192.0.2.0/23","192.0.4.0/24","fe80::/120"];
export {};
