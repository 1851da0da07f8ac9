export { OrgpassStore } from './durable-object.ts'
export type { ObjectNamespace, ObjectState, ObjectStorage } from './platform.ts'
export { durableObjectStore } from './store.ts'
export type { DurableObjectStoreOptions } from './store.ts'
