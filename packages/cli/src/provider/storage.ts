import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

type Records = Map<string, AdapterPayload>

/**
 * Keeps everything in memory, as `oidc-provider` asks of an adapter, separately for each provider.
 *
 * Expired records stay: the provider looks at their times itself, and can so tell an expired `auth_req_id`
 * (`expired_token`) from one that it never issued (`invalid_grant`).
 */
export function memoryStorage(): AdapterFactory {
  const models = new Map<string, Records>()
  return (model) => {
    const records = models.get(model) ?? new Map<string, AdapterPayload>()
    models.set(model, records)
    return adapterOf(records, models)
  }
}

function adapterOf(records: Records, models: ReadonlyMap<string, Records>): Adapter {
  const findWhere = (matches: (payload: AdapterPayload) => boolean) =>
    Promise.resolve([...records.values()].find(matches))
  return {
    find: (id) => Promise.resolve(records.get(id)),
    findByUid: (uid) => findWhere((payload) => payload.uid === uid),
    findByUserCode: (userCode) => findWhere((payload) => payload.userCode === userCode),
    upsert(id, payload) {
      records.set(id, payload)
      return Promise.resolve()
    },
    consume(id) {
      const payload = records.get(id)
      if (payload) {
        payload.consumed = Math.floor(Date.now() / 1000)
      }
      return Promise.resolve()
    },
    destroy(id) {
      records.delete(id)
      return Promise.resolve()
    },
    revokeByGrantId(grantId) {
      for (const model of models.values()) {
        for (const [id, payload] of model) {
          if (payload.grantId === grantId) {
            model.delete(id)
          }
        }
      }
      return Promise.resolve()
    },
  }
}
