// Takes the callbacks of CIBA's ping and push mode with Express, by the adapter @remix-run/node-fetch-server.
import type { Backchannel } from '@countersign/backchannel'
import { createRequestListener } from '@remix-run/node-fetch-server'
import express, { type Express } from 'express'

export function app(signIns: Backchannel): Express {
  const application = express()
  // before express.json() and its like: the handler reads the body itself
  application.all('/notifications', createRequestListener(signIns.handler))
  application.use(express.json())
  return application
}
