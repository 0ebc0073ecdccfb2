// globquotemeta/glob quote meta
import type { Entrypoints } from "./451.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["\\*.github.com"];
export {};
