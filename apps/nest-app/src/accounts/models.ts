import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql'
import { ApiProperty } from '@nestjs/swagger'

/** An account, as much of it as a handover needs. */
@ObjectType()
export class Account {
  @Field(() => ID)
  @ApiProperty({ example: '001000000000001AAA' })
  readonly id: string = ''

  @Field()
  @ApiProperty({ example: 'Northwind Harbour' })
  readonly name: string = ''

  @Field()
  @ApiProperty({ example: 'Rotterdam' })
  readonly city: string = ''
}

/** Somebody who can get accounts. */
@ObjectType()
export class Colleague {
  @Field(() => ID)
  @ApiProperty({ example: '005000000000001AAA' })
  readonly id: string = ''

  @Field()
  @ApiProperty({ example: 'Grace Hofmann' })
  readonly name: string = ''
}

/** How much somebody looks after. */
@ObjectType()
export class Book {
  @Field()
  @ApiProperty({ example: 'Grace Hofmann' })
  readonly owner: string = ''

  @Field(() => Int)
  @ApiProperty({ example: 15 })
  readonly accounts: number = 0
}

@InputType()
export class Handover {
  @Field(() => ID)
  @ApiProperty({ description: 'The id of the colleague who gets them', example: '005000000000001AAA' })
  readonly to: string = ''

  @Field(() => [ID])
  @ApiProperty({ description: 'Ids of your accounts, at most 25', example: ['001000000000001AAA'] })
  readonly accounts: readonly string[] = []
}

@ObjectType()
export class HandedOver {
  @Field(() => [Account])
  @ApiProperty({ type: [Account] })
  readonly accounts: readonly Account[] = []
}
