import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

/**
 * Keeps everything in memory, as `oidc-provider` asks of an adapter, separately for each provider.
 *
 * Expired records stay: the provider looks at their times itself, and can so tell an expired `auth_req_id`
 * (`expired_token`) from one that it never issued (`invalid_grant`).
 */
export function memoryStorage(): AdapterFactory {
  const models = new Map<string, Map<string, AdapterPayload>>()
  return (model) => {
    const records = models.get(model) ?? new Map<string, AdapterPayload>()
    models.set(model, records)
    return adapterOf(records, models)
  }
}

function adapterOf(records: Map<string, AdapterPayload>, models: Map<string, Map<string, AdapterPayload>>): Adapter {
  const findWhere = async (matches: (payload: AdapterPayload) => boolean) => [...records.values()].find(matches)
  return {
    find: async (id) => records.get(id),
    findByUid: (uid) => findWhere((payload) => payload.uid === uid),
    findByUserCode: (userCode) => findWhere((payload) => payload.userCode === userCode),
    upsert: async (id, payload) => {
      records.set(id, payload)
    },
    consume: async (id) => {
      const payload = records.get(id)
      if (payload) {
        payload.consumed = Math.floor(Date.now() / 1000)
      }
    },
    destroy: async (id) => {
      records.delete(id)
    },
    revokeByGrantId: async (grantId) => {
      for (const model of models.values()) {
        for (const [id, payload] of model) {
          if (payload.grantId === grantId) {
            model.delete(id)
          }
        }
      }
    },
  }
}
