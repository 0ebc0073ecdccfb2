// jwtencodesign/Empty JSON payload
import type { Entrypoints } from "./693.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.6cvao8lnOu6FAdK68jQFcDMXOmaWNwWiYhCgijd-AD8";
export {};
