// jwtdecodeverify/multiple-keys-no-valid
import type { Entrypoints } from "./678.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false,{},{}];
export {};
