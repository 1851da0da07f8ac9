import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger'
import type { SampleStart } from '@orgpass/sample-host'
import { AppModule } from './app.module.ts'
import { securityHeaders } from './security-headers.ts'

/**
 * Handover desk: hands accounts over to a colleague, over REST and GraphQL, each person within their role.
 * @throws {ConfigError} with everything that is wrong in `faults`.
 */
export async function buildApp(start: SampleStart): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(start), {
    logger: ['warn', 'error', 'fatal'],
    abortOnError: false,
  })
  app.disable('x-powered-by')
  app.use(securityHeaders)
  const description = 'Log in at <a href="/auth/login?returnTo=/docs">/auth/login</a> first.'
  const document = new DocumentBuilder().setTitle('Handover desk').setDescription(description)
  SwaggerModule.setup('docs', app, SwaggerModule.createDocument(app, document.addCookieAuth('salesforce.sid').build()))
  return app.init()
}
