// jwtdecodeverify/ps256-no-aud
import type { Entrypoints } from "./673.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false,{},{}];
export {};
