// netcidrmerge/cidr IPv6 zero address case 1
import type { Entrypoints } from "./1022.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["::/0"];
export {};
