using System.Reflection;

namespace PartsWorker.Tests.Rooms;

/// <summary>
/// Every type that a compiled type names: bases, signatures, attributes, method bodies. Constants leave no trace: the
/// compiler copies their value.
/// </summary>
internal static class NamedTypes
{
    private const BindingFlags Own =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<Type> Of(Type type) =>
        Raw(type).Where(named => named is not null).SelectMany(named => Parts(named!)).Distinct();

    private static IEnumerable<Type?> Raw(Type type) =>
    [
        type.BaseType,
        .. type.GetInterfaces(),
        .. Attributes(type),
        .. type.GetGenericArguments().SelectMany(Constraints),
        .. type.GetFields(Own).SelectMany(field => Attributes(field).Append(field.FieldType)),
        .. type.GetProperties(Own).SelectMany(Attributes),
        .. type.GetConstructors(Own).SelectMany(OfMethod),
        .. type.GetMethods(Own).SelectMany(method => OfMethod(method).Append(method.ReturnType)),
    ];

    private static IEnumerable<Type?> OfMethod(MethodBase method)
    {
        var body = method.GetMethodBody();
        return
        [
            .. Attributes(method),
            .. method.GetParameters().SelectMany(parameter => Attributes(parameter).Append(parameter.ParameterType)),
            .. method.IsGenericMethod ? method.GetGenericArguments().SelectMany(Constraints) : [],
            .. body?.LocalVariables.Select(local => local.LocalType) ?? [],
            .. body?.ExceptionHandlingClauses
                .Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(clause => clause.CatchType) ?? [],
            .. MethodBodies.Members(method).SelectMany(OfMember),
        ];
    }

    private static IEnumerable<Type?> OfMember(MemberInfo member) => member switch
    {
        Type type => [type],
        FieldInfo field => [field.DeclaringType, field.FieldType],
        MethodInfo { IsGenericMethod: true } method => [method.DeclaringType, .. method.GetGenericArguments()],
        _ => [member.DeclaringType],
    };

    private static IEnumerable<Type> Constraints(Type argument) =>
        argument.IsGenericParameter ? argument.GetGenericParameterConstraints() : [];

    private static IEnumerable<Type?> Attributes(MemberInfo member) => member.GetCustomAttributesData().SelectMany(OfAttribute);

    private static IEnumerable<Type?> Attributes(ParameterInfo parameter) => parameter.GetCustomAttributesData().SelectMany(OfAttribute);

    private static IEnumerable<Type?> OfAttribute(CustomAttributeData attribute) =>
        [attribute.AttributeType, .. attribute.ConstructorArguments.Select(argument => argument.Value as Type)];

    // Dictionary<string, Part[]> names Dictionary, string and Part.
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
        {
            return Parts(type.GetElementType()!);
        }

        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()) : [type];
    }
}
