// cryptox509parsecertificates/invalid DER or PEM data, b64
import type { Entrypoints } from "./244.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
